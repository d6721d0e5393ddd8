import { asArray, asObject, type Json, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'
import { type Dialect, PAUSE_MS, type Step, scriptOf } from './main-line-steps.ts'

const DIALECT: Dialect = {
  words: `const status = pm.response.code
const body = pm.response.json()
const keep = (name, value) => pm.collectionVariables.set(name, value)
const kept = (name) => pm.collectionVariables.get(name)
const test = (name, check) => pm.test(name, check)
const { expect } = pm`,
  again: `setTimeout(() => pm.execution.setNextRequest(pm.info.requestId), ${PAUSE_MS})`,
}

/**
 * A collection of Postman with the steps as its requests, each of them as the converter made it of the documents, with
 * what a person fills in.
 */
export function mainLineCollection(
  collections: readonly JsonObject[],
  { steps, summaries }: { steps: readonly Step[]; summaries: ReadonlyMap<string, string> },
): JsonObject {
  const made = collections.flatMap((collection) =>
    requestsIn(collection['item'] ?? []).map((item) => ({ item, address: baseUrlOf(collection) })),
  )
  const item = steps.map((step, index) => {
    const found = made.find(({ item: one }) => one['name'] === summaries.get(step.operation))
    if (!found) throw new Error(`The converter left out ${step.operation}`)
    return filledIn(found.item, { step, index, address: found.address })
  })
  return { info: collections[0]?.['info'] ?? {}, item }
}

function requestsIn(items: Json): JsonObject[] {
  return asArray(items)
    .map(asObject)
    .flatMap((one) => (one['request'] ? [one] : requestsIn(one['item'] ?? [])))
}

function baseUrlOf(collection: JsonObject): string {
  const found = asArray(collection['variable'])
    .map(asObject)
    .find(({ key }) => key === 'baseUrl')
  return String(found?.['value'])
}

function filledIn(
  { request, ...item }: JsonObject,
  { step, index, address }: { step: Step; index: number; address: string },
): JsonObject {
  const { url, header, body, ...rest }: JsonObject = JSON.parse(
    JSON.stringify(request)
      .replaceAll('{{baseUrl}}', address)
      .replaceAll('{{apiKey}}', `{{${step.session}}}`),
  )
  const headers = asArray(header).map(asObject)
  const key = headers.find((one) => one['key'] === 'Idempotency-Key')
  if (key && step.idempotencyKey) key['value'] = step.idempotencyKey
  const script = { exec: scriptOf(step, index, DIALECT).split('\n'), type: 'text/javascript' }
  return {
    ...item,
    id: `step-${index}`,
    name: `${index + 1}. ${item['name']}`,
    request: {
      ...rest,
      header: headers,
      url: filledUrl(asObject(url)),
      body: filledBody(asObject(body), step),
    },
    event: [{ listen: 'test', script }],
  }
}

/** What a path names is what was kept under that name. */
function filledUrl(url: JsonObject): JsonObject {
  const variable = asArray(url['variable'])
    .map(asObject)
    .map((one) => ({ ...one, value: `{{${one['key']}}}` }))
  return { ...url, variable }
}

function filledBody(body: JsonObject, { body: changes }: Step): JsonObject {
  if (body['mode'] === 'formdata') {
    const formdata = asArray(body['formdata']).map((part) => ({ ...asObject(part), src: 'kettle.webp' }))
    return { ...body, formdata }
  }
  if (!changes) return body
  return { ...body, raw: JSON.stringify({ ...JSON.parse(String(body['raw'])), ...changes }) }
}
