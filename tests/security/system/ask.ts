import type { Operation } from './operations.ts'
import { urlOf } from './stack.ts'

/** What is sent to an operation besides who sends it. */
export type Call = {
  params?: Record<string, string>
  query?: Record<string, string>
  /** The query as it is written, in place of the other. */
  queryText?: string
  headers?: Record<string, string>
  /** JSON, or the bytes of a picture. */
  body?: unknown
}

/** What came back. */
export type Answer = { status: number; headers: Headers; text: string; json: unknown }

/** Who calls, as headers. */
export type Credentials = Record<string, string>

/** Far beyond what a busy machine needs: an answer that does not come is a failure. */
const ANSWER_WITHIN_MS = 30_000

/** Sends a call as it is, whether it is valid or not. */
export async function ask(operation: Operation, call: Call, credentials: Credentials): Promise<Answer> {
  return askAt(urlOf(operation.service), operation, { ...call, credentials })
}

/** Sends a call to a process of the service that is not the usual one. */
export async function askAt(
  url: string,
  operation: Operation,
  { credentials, ...call }: Call & { credentials: Credentials },
): Promise<Answer> {
  return send(`${url}${targetOf(operation, call)}`, {
    method: operation.method,
    headers: { ...typeOf(call), ...call.headers, ...credentials },
    ...bodyOf(call),
  })
}

/** Sends any request. */
export async function send(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, {
    ...request,
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

/** The `code` of a problem; empty when the answer is none. */
export function codeOf({ json }: Answer): string {
  return typeof json === 'object' && json !== null && 'code' in json ? String(json.code) : ''
}

/** The path with its parameters, and the query. */
export function targetOf(operation: Operation, call: Call): string {
  const path = operation.path.replaceAll(/\{([A-Za-z]+)\}/g, (_, name: string) =>
    encodeURIComponent(call.params?.[name] ?? name),
  )
  const query = call.queryText ?? new URLSearchParams(call.query).toString()
  return query ? `${path}?${query}` : path
}

/** The call as somebody types it into a shell. */
export function asCurl(operation: Operation, call: Call, credentials: Credentials): string {
  const headers = Object.entries({ ...typeOf(call), ...call.headers, ...credentials })
  const body = call.body === undefined ? [] : ['--data-raw', quoted(textOf(call.body))]
  return [
    `curl -i -X ${operation.method}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...body,
    quoted(`${urlOf(operation.service)}${targetOf(operation, call)}`),
  ].join(' ')
}

/** As bash quotes what may hold anything. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll(/[\\']/g, (character) => `\\${character}`)
    .replaceAll(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `$'${escaped}'`
}

function typeOf({ body }: Call): Record<string, string> {
  if (body === undefined) return {}
  return { 'content-type': body instanceof Uint8Array ? 'image/png' : 'application/json' }
}

function bodyOf({ body }: Call): { body?: BodyInit } {
  if (body === undefined) return {}
  return { body: body instanceof Uint8Array ? new Uint8Array(body) : textOf(body) }
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Pictures and empty answers are no JSON.
    return undefined
  }
}
