import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asArray, asObject, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'
import { parse, stringify } from 'yaml'
import { type Dialect, PAUSE_MS, type Step, scriptOf } from './main-line-steps.ts'

const DIALECT: Dialect = {
  words: `const status = res.getStatus()
const body = res.getBody()
const keep = (name, value) => bru.setVar(name, value)
const kept = (name) => bru.getVar(name)`,
  again: `await bru.sleep(${PAUSE_MS})
  bru.runner.setNextRequest(req.getName())`,
}

/** The folder of the collection in which the steps are. */
export const STEPS_FOLDER = 'Main line'

/**
 * Puts the steps into a folder of a collection of Bruno, each of them as the importer made its request of the documents,
 * with what a person fills in.
 */
export function addMainLine(
  collection: string,
  { steps, summaries }: { steps: readonly Step[]; summaries: ReadonlyMap<string, string> },
): void {
  const made = requestsIn(collection)
  mkdirSync(join(collection, STEPS_FOLDER))
  writeFileSync(
    join(collection, STEPS_FOLDER, 'folder.yml'),
    stringify({ info: { name: STEPS_FOLDER, type: 'folder' } }),
  )
  for (const [index, step] of steps.entries()) {
    const request = made.find(({ info }) => asObject(info ?? {})['name'] === summaries.get(step.operation))
    if (!request) throw new Error(`The importer left out ${step.operation}`)
    const name = `${index + 1}. ${step.operation}`
    const file = join(collection, STEPS_FOLDER, `${name}.yml`)
    writeFileSync(file, stringify(filledIn(request, { step, index, name })))
  }
}

function requestsIn(folder: string): JsonObject[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.yml'))
    .map((name): JsonObject => parse(readFileSync(join(folder, name), 'utf8')))
    .filter(({ http }) => http)
}

function filledIn(
  request: JsonObject,
  { step, index, name }: { step: Step; index: number; name: string },
): JsonObject {
  const { info, http, runtime, ...rest }: JsonObject = JSON.parse(
    JSON.stringify(request).replaceAll('{{apiKey}}', `{{${step.session}}}`),
  )
  const { headers, params, body, ...about } = asObject(http ?? {})
  const code = scriptOf(step, index, DIALECT)
  return {
    ...rest,
    info: { ...asObject(info ?? {}), name, seq: index + 1 },
    http: {
      ...about,
      headers: asArray(headers ?? []).map((one) => filledHeader(asObject(one), step)),
      params: asArray(params ?? []).map((one) => filledParameter(asObject(one))),
      ...(body ? { body: filledBody(asObject(body), step) } : {}),
    },
    runtime: { ...asObject(runtime ?? {}), scripts: [{ type: 'tests', code }] },
  }
}

function filledHeader(header: JsonObject, { idempotencyKey }: Step): JsonObject {
  return header['name'] === 'Idempotency-Key' && idempotencyKey
    ? { ...header, value: idempotencyKey }
    : header
}

/** What a path names is what was kept under that name. */
function filledParameter(parameter: JsonObject): JsonObject {
  return parameter['type'] === 'path' ? { ...parameter, value: `{{${parameter['name']}}}` } : parameter
}

function filledBody(body: JsonObject, { body: changes }: Step): JsonObject {
  if (body['type'] === 'multipart-form') {
    const data = asArray(body['data'] ?? []).map((part) => ({ ...asObject(part), value: ['kettle.webp'] }))
    return { ...body, data }
  }
  if (!changes) return body
  return { ...body, data: JSON.stringify({ ...JSON.parse(String(body['data'])), ...changes }) }
}
