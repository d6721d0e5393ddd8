import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { Call } from '../system/ask.ts'
import type { Operation, Parameter } from '../system/operations.ts'
import { NASTY_TEXTS, nasty, valuesOf } from './arbitrary-values.ts'
import { leavesOf, withoutValue, withValue } from './leaves.ts'

const PICTURE_BYTES_MAX = 400

/** A step that makes a call wrong, or odd. */
type Twist = fc.Arbitrary<(call: Call) => Call>

/** Calls as the document of the service describes them. */
export function describedCalls(operation: Operation, ids: readonly string[]): fc.Arbitrary<Call> {
  const { parameters, body, takesImage } = operation
  const value = ({ schema }: Parameter) => valuesOf(schema, ids).map(String)
  const inPlace = (place: Parameter['in'], requiredOnly = false) =>
    parameters.filter((one) => one.in === place && (one.required || !requiredOnly))
  const record = (place: Parameter['in']) =>
    fc.record<Record<string, string>>(
      Object.fromEntries(inPlace(place).map((one) => [one.name, value(one)])),
      { requiredKeys: inPlace(place, true).map(({ name }) => name) },
    )
  return fc
    .record({
      params: record('path'),
      query: record('query'),
      headers: fc.constant(headersOf(operation)),
      body: body
        ? valuesOf(body, ids)
        : takesImage
          ? fc.uint8Array({ maxLength: PICTURE_BYTES_MAX })
          : fc.constant(undefined),
    })
    .map((call) => ({ ...call, headers: { ...call.headers, ...freshKey(operation) } }))
}

/** Described calls with something changed about them; whether they are still valid is for the oracle to say. */
export function twistedCalls(operation: Operation, ids: readonly string[]): fc.Arbitrary<Call> {
  const others = twistsOf(operation).map((arbitrary) => ({ arbitrary, weight: 4 }))
  const twist = fc.oneof({ arbitrary: unacceptable, weight: 1 }, ...others)
  return fc
    .tuple(describedCalls(operation, ids), fc.array(twist, { minLength: 1, maxLength: 3 }))
    .map(([call, twists]) => twists.reduce((twisted, change) => change(twisted), call))
}

const unacceptable = header('accept', ['text/html', 'image/*;q=0, text/plain', '*/*;q=0', 'application/json'])

function twistsOf(operation: Operation): Twist[] {
  const { parameters } = operation
  return [
    ...parameters.map((parameter) => parameterTwist(parameter)),
    ...(parameters.some((one) => one.in === 'query') ? [unknownQuery()] : []),
    ...bodyTwists(operation),
  ]
}

function parameterTwist({ name, in: place }: Parameter): Twist {
  if (place === 'header') return header(name.toLowerCase(), ['', 'x', '"1', 'W/"1"', '*', 'x'.repeat(300)])
  return texts().map(
    (text) => (call) =>
      place === 'path'
        ? { ...call, params: { ...call.params, [name]: /^\.{0,2}$/.test(text) ? 'x' : text } }
        : { ...call, query: { ...call.query, [name]: text } },
  )
}

function unknownQuery(): Twist {
  return fc.tuple(fc.stringMatching(/^[a-z]{3,8}$/), texts()).map(([name, text]) => (call) => ({
    ...call,
    query: { ...call.query, [`zz${name}`]: text },
  }))
}

function bodyTwists({ body }: Operation): Twist[] {
  if (!body) return []
  const leaves = leavesOf(body)
  const leaf = fc.constantFrom(...leaves)
  const changed = (change: (body: unknown) => unknown) => (call: Call) =>
    call.body instanceof Uint8Array || typeof call.body === 'string'
      ? call
      : { ...call, body: change(call.body) }
  const twists: Twist[] = [
    fc.tuple(leaf, nasty).map(([{ path }, value]) => changed((now) => withValue(now, path, value))),
    fc.tuple(leaf, nasty).map(([{ path }, value]) => changed((now) => withValue(now, path, value))),
    leaf.map(({ path }) => changed((now) => withoutValue(now, path))),
    fc
      .tuple(fc.string({ maxLength: 12 }), nasty)
      .map(([name, value]) => changed((now) => ({ ...Object(now), [`zz${name}`]: value }))),
    nasty.map((value) => changed(() => value)),
    corrupted(),
    header('content-type', ['text/plain', 'application/xml', 'application/json;charset=latin1', '', 'x/y']),
    header('content-encoding', ['gzip', 'br', 'identity']),
  ]
  return leaves.length > 0 ? twists : twists.slice(3)
}

/** JSON in which one character is another, or lost. */
function corrupted(): Twist {
  return fc
    .tuple(fc.nat(), fc.constantFrom('', '"', '}', '[', ',', '\\', '\u0000', 'é'))
    .map(([at, put]) => (call) => {
      if (typeof call.body !== 'object' || call.body === null || call.body instanceof Uint8Array) return call
      const text = JSON.stringify(call.body)
      const index = at % text.length
      // Half of a character that needs two cannot be sent.
      const body = (text.slice(0, index) + put + text.slice(index + 1)).toWellFormed()
      return { ...call, headers: { 'content-type': 'application/json', ...call.headers }, body }
    })
}

function header(name: string, values: readonly string[]): Twist {
  return fc
    .constantFrom(...values)
    .map((value) => (call) => ({ ...call, headers: { ...call.headers, [name]: value } }))
}

function texts(): fc.Arbitrary<string> {
  return fc
    .oneof(fc.constantFrom(...NASTY_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }))
    .map((text) => (text.isWellFormed() ? text : text.toWellFormed()))
}

function headersOf({ parameters }: Operation): Record<string, string> {
  return parameters.some(({ name }) => name === 'If-Match') ? { 'if-match': '"1"' } : {}
}

function freshKey({ parameters }: Operation): Record<string, string> {
  return parameters.some(({ name }) => name === 'Idempotency-Key') ? { 'idempotency-key': randomUUID() } : {}
}
