import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Provider } from '../providers/provider.ts'
import type { Interaction, Pact } from '../verify/pact-file.ts'

/* A bank of a few lines and what a shop wants of it, to see what the verifier says when something is wrong. */

export const pay: Interaction = {
  type: 'Synchronous/HTTP',
  description: 'pay: there is money',
  providerStates: [{ name: 'there is money' }],
  request: { method: 'POST', path: '/payments' },
  response: { status: 200, body: { content: { paid: true } } },
}

export const moved: Interaction = {
  type: 'Asynchronous/Messages',
  description: 'money.moved.v1: anywhere',
  contents: { content: { amount: 5 } },
  metadata: { routingKey: 'money.moved.v1' },
}

/** Opens the bank. */
export async function openBank(): Promise<Provider> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"paid":true,"receipt":7}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the bank has no port')
  const metadata = { routingKey: 'money.moved.v1', type: 'money.moved.v1', messageId: '1', mediaType: 'x' }
  return {
    name: 'bank',
    url: `http://127.0.0.1:${address.port}`,
    states: { 'there is money': { setup: async () => undefined } },
    messages: { 'money.moved.v1': async () => ({ metadata, content: { amount: 5 } }) },
    reset: async () => undefined,
    close: async () => void server.close(),
  }
}

/** A pact of the shop with a provider, as its file is. */
export function pactText(interactions: readonly Interaction[], provider = 'bank'): string {
  const inJson = { contentType: 'application/json', encoded: false }
  const complete = interactions.map(({ response, contents, ...one }) => ({
    ...one,
    ...(response
      ? { response: { ...response, ...(response.body ? { body: { ...response.body, ...inJson } } : {}) } }
      : {}),
    ...(contents ? { contents: { ...contents, ...inJson } } : {}),
  }))
  const pact: Pact = { consumer: { name: 'shop' }, provider: { name: provider }, interactions: complete }
  return JSON.stringify({ ...pact, metadata: { pactSpecification: { version: '4.0' } } })
}
