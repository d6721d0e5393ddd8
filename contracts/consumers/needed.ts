import { once } from 'node:events'
import { createServer } from 'node:http'

/** An answer as a consumer gets it. */
export type PlainAnswer = { status: number; headers: Record<string, string>; body: unknown }

/**
 * Makes sure that a consumer needs each part of an answer that its contract states: gives it the answer without
 * that part, and expects that `call`, which says what the consumer makes of the answer, fails. A contract that
 * states more than is needed would forbid its provider changes that hurt nobody.
 *
 * @throws {Error} naming the part that nobody needs.
 */
export async function refuseNeedless(
  answer: PlainAnswer,
  call: (url: string) => Promise<unknown>,
): Promise<void> {
  for (const { part, without } of withoutEach(answer)) {
    const works = await serving(without, call)
    if (works) throw new Error(`The contract states ${part}, but the consumer works without it`)
  }
}

function withoutEach(answer: PlainAnswer): { part: string; without: PlainAnswer }[] {
  const parts = leavesOf(answer.body, []).map((path) => ({
    part: `$.${path.join('.')}`,
    without: { ...answer, body: drop(answer.body, path) },
  }))
  const headers = Object.keys(answer.headers)
    .filter((name) => name.toLowerCase() !== 'content-type')
    .map((name) => {
      const { [name]: _, ...rest } = answer.headers
      return { part: `the header ${name}`, without: { ...answer, headers: rest } }
    })
  return [...parts, ...headers]
}

/** The paths of all members of objects in a value that hold no object themselves. */
export function leavesOf(value: unknown, path: readonly string[]): string[][] {
  if (typeof value !== 'object' || value === null) return path.length === 0 ? [] : [[...path]]
  if (Array.isArray(value) && value.some((item) => typeof item !== 'object')) return [[...path]]
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, key]))
}

/** The value without the member at the path. */
export function drop(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? drop(item, rest) : item))
  const entries = Object.entries(value).filter(([name]) => name !== key || rest.length > 0)
  return Object.fromEntries(
    entries.map(([name, member]) => [name, name === key ? drop(member, rest) : member]),
  )
}

async function serving(answer: PlainAnswer, call: (url: string) => Promise<unknown>): Promise<boolean> {
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, answer.headers)
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  try {
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    await call(`http://127.0.0.1:${address.port}`)
    return true
  } catch {
    // It fails in one way or another: the part is needed.
    return false
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
