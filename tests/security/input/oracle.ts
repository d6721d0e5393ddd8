import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Call } from '../system/ask.ts'
import type { Operation, Parameter } from '../system/operations.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false, allowUnionTypes: true })
const validators = new WeakMap<object, ValidateFunction>()

const JSON_BYTES_MAX = 64 * 1024

/**
 * Whether the documents say that a call is valid. One that is not must be refused; one that is may still be, for
 * what it asks.
 */
export function isDescribed(operation: Operation, call: Call): boolean {
  return (
    operation.parameters.every((parameter) => isParameterValid(parameter, call)) &&
    areQueriesKnown(operation, call) &&
    isAcceptable(call) &&
    isBodyValid(operation, call)
  )
}

function isParameterValid({ name, in: place, required, schema }: Parameter, call: Call): boolean {
  if (place === 'header') {
    const sent = call.headers?.[name.toLowerCase()]
    return sent === undefined ? !required : isHeaderValid(name, sent)
  }
  const value = (place === 'path' ? call.params : call.query)?.[name]
  // Where a parameter may be left out, an empty one is taken for one that was.
  if (value === undefined || (place === 'query' && value.trim() === '')) return !required
  if (schema['type'] !== 'integer') return validatorOf(schema)(value)
  return /^(0|[1-9]\d{0,15})$/.test(value) && validatorOf(schema)(Number(value))
}

function isHeaderValid(name: string, value: string): boolean {
  // What is no ETag there names nothing that the client has.
  if (name === 'If-None-Match') return true
  if (name === 'If-Match') return /^(\*|"\d{1,15}")$/.test(value)
  return /^[\x21\x23-\x2b\x2d-\x7e]{16,255}$/.test(value)
}

function areQueriesKnown({ parameters }: Operation, { query = {} }: Call): boolean {
  const known = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  return known.length === 0 || Object.keys(query).every((name) => known.includes(name))
}

function isAcceptable({ headers }: Call): boolean {
  return [undefined, 'application/json'].includes(headers?.['accept'])
}

function isBodyValid({ body, takesImage }: Operation, call: Call): boolean {
  if (takesImage) return true
  if (!body) return true
  const { 'content-type': type = 'application/json', 'content-encoding': encoding } = call.headers ?? {}
  if (type !== 'application/json' || encoding !== undefined) return false
  const text = typeof call.body === 'string' ? call.body : JSON.stringify(call.body)
  if (text === undefined || text.length > JSON_BYTES_MAX) return false
  try {
    const value: unknown = JSON.parse(text)
    return isStorable(value) && validatorOf(body)(value)
  } catch {
    // It is no JSON.
    return false
  }
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorable(member))
}

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema)
  if (known) return known
  const made = ajv.compile(schema)
  validators.set(schema, made)
  return made
}
