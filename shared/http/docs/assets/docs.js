/*
 * The script of the Swagger page; it runs in the browser. It shows the documents of all services that answer on this
 * host on one page, so that a session got from one is used with the others, and takes two steps off everybody's hands:
 * a log-in authorizes by itself, and each try has an Idempotency-Key of its own.
 */

const { SwaggerUIBundle } = window
const SESSION_SCHEME = 'session'

/** Swagger UI is dark by a class, and leaves it to its page to say when. */
const darkness = matchMedia('(prefers-color-scheme: dark)')
const dim = () => document.documentElement.classList.toggle('dark-mode', darkness.matches)
darkness.onchange = dim
dim()

/** Where this service is, behind whatever path a proxy has put in front. */
const own = new URL('.', location.href).href
const bases = new Set([
  ...document.currentScript.dataset.origins
    .split(' ')
    .filter((origin) => origin && new URL(origin).hostname === location.hostname)
    .map((origin) => `${origin}/`),
  own,
])

const ui = SwaggerUIBundle({
  url: 'openapi.json',
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
  if (shown && shown === exampleKey()) request.headers['Idempotency-Key'] = newKey()
  return request
}

/** Not crypto.randomUUID(), which browsers have on https and on this machine only. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function shownDocument() {
  return ui.specSelectors.specJson().toJS()
}

function exampleKey() {
  const operations = Object.values(shownDocument().paths).flatMap(Object.values)
  const parameters = operations.flatMap((operation) => operation.parameters)
  return parameters.find((parameter) => parameter?.name === 'Idempotency-Key')?.example
}

function responseInterceptor(response) {
  if (response.status === 201 && typeof response.body?.session === 'string') authorize(response.body.session)
  return response
}

/** Does what "Authorize" does, so that it outlasts a reload, too. */
function authorize(session) {
  const schema = shownDocument().components.securitySchemes[SESSION_SCHEME]
  ui.authActions.authorizeWithPersistOption({
    [SESSION_SCHEME]: { name: SESSION_SCHEME, value: session, schema },
  })
}

function mark({ title }, chosen) {
  document.title = title
  for (const button of document.querySelectorAll('nav button')) button.ariaCurrent = String(button === chosen)
}

/** Shows another service's document on this page; who is authorized stays so. */
function show(service, chosen) {
  mark(service, chosen)
  ui.specActions.updateUrl(service.url)
  ui.specActions.download(service.url)
}

/** A button for a service, hidden until the service has said what it is called; for ever if it does not run. */
async function offer(base) {
  const button = document.createElement('button')
  button.type = 'button'
  button.hidden = true
  button.ariaCurrent = String(base === own)
  document.querySelector('nav p').before(button)

  const url = `${base}openapi.json`
  const answer = await fetch(url)
  const { title } = (await answer.json()).info
  button.textContent = title.replace(/^Bazaar /, '')
  button.onclick = () => show({ url, title }, button)
  button.hidden = false
  return { title, base }
}

/** A button for all that people can do, whichever service does it: each path goes to where its service was found. */
function offerAll(found) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'All'
  document.querySelector('nav').prepend(button)
  button.onclick = async () => {
    // Each path says where its service is, so there is no address to choose for all of them.
    const { servers: _, ...all } = await (await fetch('docs/all.json')).json()
    for (const { servers } of Object.values(all.paths))
      for (const server of servers)
        server.url = found.find(({ title }) => title === server.description)?.base ?? server.url
    mark(all.info, button)
    ui.specActions.updateUrl('docs/all.json')
    ui.specActions.updateSpec(JSON.stringify(all))
  }
}

// One that does not answer is not offered.
Promise.allSettled([...bases].map(offer)).then((offered) => {
  const found = offered.flatMap(({ value }) => value ?? [])
  if (found.length > 1) offerAll(found)
})
