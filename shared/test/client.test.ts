import { afterEach, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import { t } from 'elysia'
import { defineApi } from '../api/operation.ts'
import { line } from '../api/schema.ts'
import { callPolicyOf, Unreachable } from '../clients/call-policy.ts'
import { clientOf } from '../clients/client.ts'
import { inventoryClient } from '../clients/inventory.ts'
import { DependencyUnavailable } from '../problem.ts'

/* Inventory is played here, by an HTTP server that fails in ways of which the real one can only be suspected. */

const signs = defineApi({
  service: 'signs',
  title: 'Signs',
  description: 'A service for tests.',
  operations: {
    readSign: {
      method: 'GET',
      path: '/sign',
      detail: { tags: ['Signs'], summary: 'Read' },
      access: 'anyone',
      response: { 200: t.Object({ text: line({ maxLength: 3 }) }) },
    },
  },
  problems: {},
})

const CALLS_MAX = 100

let server: Server | undefined
afterEach(() => server?.close())

test.each([
  ['when the time of a call runs out in the pause before it is repeated', 20],
  ['when there is time for all repetitions', 60_000],
])('a service is left alone after five requests in a row that got no answer, %s', async (_, deadlineMs) => {
  const execute = callPolicyOf('inventory', { deadlineMs, retriesMax: 2 })
  const sent: boolean[] = []
  const send = async ({ aborted }: AbortSignal) => {
    sent.push(aborted)
    throw new Unreachable('inventory')
  }
  await untilLeftAlone(() => execute(send, { isRepeatable: true }))
  expect(sent).toEqual([false, false, false, false, false])
})

test('a service that fails with one product, again and again, is still asked for the others', async () => {
  const broken = product()
  const client = await clientOfServer({ retriesMax: 0 }, ({ url }, answer) => {
    const isBroken = url?.includes(broken.params.productId)
    answer.writeHead(isBroken ? 500 : 404, { 'content-type': 'application/problem+json' })
    answer.end(JSON.stringify({ code: isBroken ? 'internal-error' : 'not-found' }))
  })
  for (let call = 0; call < 10; call++)
    expect(await failureOf(client.readProduct(broken))).toBeInstanceOf(DependencyUnavailable)
  expect(await failureOf(client.readProduct(product()))).toMatchObject({ status: 404, code: 'not-found' })
})

test.each<[string, RequestListener]>([
  ['that breaks connections off', ({ socket }) => socket.destroy()],
  ['that a proxy answers for', (_, answer) => answer.writeHead(503).end('no healthy upstream')],
])('a service %s cannot be reached', async (_, listener) => {
  const client = await clientOfServer({}, listener)
  await untilLeftAlone(() => client.readProduct(product()))
})

test.each([
  ['3 emoji', '🫖🫖🫖', 200],
  ['4 emoji', '🫖🫖🫖🫖', undefined],
])('%s in an answer whose text may have 3 characters: %j, status %p', async (_, text, status) => {
  const baseUrl = await listeningAt((_, answer) => answer.end(JSON.stringify({ text })))
  const reading = clientOf(signs, { baseUrl, timeoutMs: 30_000 }).readSign({})
  if (status) expect(await reading).toMatchObject({ status, body: { text } })
  else expect(await failureOf(reading)).toBeInstanceOf(DependencyUnavailable)
})

function product() {
  return { params: { productId: randomUUID() } }
}

async function clientOfServer(options: { retriesMax?: number }, listener: RequestListener) {
  return inventoryClient({ baseUrl: await listeningAt(listener), timeoutMs: 30_000, ...options })
}

async function listeningAt(listener: RequestListener): Promise<string> {
  const listening = createServer(listener)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen')
  return `http://127.0.0.1:${address.port}`
}

/** Calls until nothing is sent any more, because the other side could not be reached before. */
async function untilLeftAlone(call: () => Promise<unknown>): Promise<void> {
  for (let calls = 0; calls < CALLS_MAX; calls++) {
    const failure = await failureOf(call())
    expect(failure).toBeInstanceOf(DependencyUnavailable)
    if (failure instanceof DependencyUnavailable && failure.retryAfterSeconds === 2) return
  }
  throw new Error('it is never left alone')
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => undefined,
    (error: unknown) => error,
  )
}
