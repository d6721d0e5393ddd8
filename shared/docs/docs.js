/*
 * The script of the Swagger page; it runs in the browser. It shows the documents of all services that answer on this
 * host on one page, so that a session got from one is used with the others, and takes two steps off everybody's hands:
 * a log-in authorizes by itself, and each try has an Idempotency-Key of its own.
 */

const { SwaggerUIBundle } = window
const ANSWER_WITHIN_MS = 2_000
const SESSION_SCHEME = 'session'

const origins = new Set([
  ...document.currentScript.dataset.origins
    .split(' ')
    .filter((origin) => origin && new URL(origin).hostname === location.hostname),
  location.origin,
])

const ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  validatorUrl: null,
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  requestInterceptor,
  responseInterceptor,
})

/** The key shown with an operation is an example; who leaves it there gets a new one for each try. */
function requestInterceptor(request) {
  const shown = request.headers['Idempotency-Key']
  if (shown && shown === exampleKey()) request.headers['Idempotency-Key'] = crypto.randomUUID()
  return request
}

function exampleKey() {
  const operations = Object.values(ui.specSelectors.specJson().toJS().paths).flatMap(Object.values)
  const parameters = operations.flatMap((operation) => operation.parameters)
  return parameters.find((parameter) => parameter.name === 'Idempotency-Key')?.example
}

function responseInterceptor(response) {
  if (response.status === 201 && typeof response.body?.session === 'string')
    ui.preauthorizeApiKey(SESSION_SCHEME, response.body.session)
  return response
}

async function describe(origin) {
  const url = `${origin}/openapi.json`
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
  const { info } = await answer.json()
  return { origin, url, name: info.title.replace(/^Bazaar /, ''), title: info.title }
}

function show(service) {
  document.title = service.title
  for (const button of document.querySelectorAll('nav button'))
    button.ariaCurrent = String(button.textContent === service.name)
  ui.specActions.updateUrl(service.url)
  ui.specActions.download(service.url)
}

async function offerServices() {
  const answers = await Promise.allSettled([...origins].map(describe))
  const services = answers.filter((answer) => answer.status === 'fulfilled').map((answer) => answer.value)
  const hint = document.querySelector('nav p')
  for (const service of services) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = service.name
    button.ariaCurrent = String(service.origin === location.origin)
    button.onclick = () => show(service)
    hint.before(button)
  }
}

offerServices()
