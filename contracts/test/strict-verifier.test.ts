import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provider } from '../providers/provider.ts'
import type { Interaction, Pact } from '../verify/pact-file.ts'
import { verifyPact } from '../verify/strict-verifier.ts'

/* A bank of a few lines, to see what the verifier says when something is wrong. */

const TIMEOUT_MS = 30_000

let folder = ''
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end('{"paid":true,"receipt":7}')
}).listen(0, '127.0.0.1')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bazaar-verifier-'))
  if (!server.listening) await once(server, 'listening')
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

const pay: Interaction = {
  type: 'Synchronous/HTTP',
  description: 'pay: there is money',
  providerStates: [{ name: 'there is money' }],
  request: { method: 'POST', path: '/payments' },
  response: { status: 200, body: { content: { paid: true } } },
}
const moved: Interaction = {
  type: 'Asynchronous/Messages',
  description: 'money.moved.v1: anywhere',
  contents: { content: { amount: 5 } },
  metadata: { routingKey: 'money.moved.v1' },
}

function bank(changes: Partial<Provider> = {}): Provider {
  const address = server.address()
  const port = address && typeof address !== 'string' ? address.port : 0
  const metadata = { routingKey: 'money.moved.v1', type: 'money.moved.v1', messageId: '1', mediaType: 'x' }
  return {
    name: 'bank',
    url: `http://127.0.0.1:${port}`,
    states: { 'there is money': { setup: async () => undefined } },
    messages: { 'money.moved.v1': async () => ({ metadata, content: { amount: 5 } }) },
    reset: async () => undefined,
    close: async () => undefined,
    ...changes,
  }
}

async function verify(provider: Provider, interactions: Interaction[], name = 'bank') {
  const pact: Pact = { consumer: { name: 'shop' }, provider: { name }, interactions }
  const file = join(folder, `${crypto.randomUUID()}.json`)
  const metadata = { pactSpecification: { version: '4.0' } }
  const withBodies = interactions.map((one) => ({
    ...one,
    ...(one.response?.body
      ? {
          response: {
            ...one.response,
            body: { ...one.response.body, contentType: 'application/json', encoded: false },
          },
        }
      : {}),
    ...(one.contents
      ? { contents: { ...one.contents, contentType: 'application/json', encoded: false } }
      : {}),
  }))
  await writeFile(file, JSON.stringify({ ...pact, interactions: withBodies, metadata }))
  const { outcomes, faults } = await verifyPact(provider, pact, { pactUrls: [file] })
  return { mismatches: outcomes.map((outcome) => outcome.mismatches), faults }
}

describe('verifyPact()', () => {
  test(
    'finds nothing wrong with a provider that keeps its pact',
    async () => {
      expect(await verify(bank(), [pay, moved])).toEqual({ mismatches: [[], []], faults: [] })
    },
    TIMEOUT_MS,
  )

  test.each<[string, Interaction, string]>([
    ['a field that is missing', withAnswer({ paid: true, at: 1 }), '$.at is missing'],
    ['a field of another value', withAnswer({ paid: true, receipt: 8 }), '$.receipt: Expected 7'],
    ['another status', { ...pay, response: { status: 201 } }, 'status: expected 201 but was 200'],
    ['a header', { ...pay, response: { status: 200, headers: { ETag: ['1'] } } }, 'header ETag: Expected'],
    ['a routing key', { ...moved, metadata: { routingKey: 'other' } }, 'metadata routingKey: Expected'],
    ['a message', { ...moved, contents: { content: { amount: 6 } } }, '$.amount: Expected 5'],
  ])(
    'names %s',
    async (_name, interaction, line) => {
      const { mismatches, faults } = await verify(bank(), [interaction])
      expect(faults).toEqual([])
      expect(mismatches.flat().join('\n')).toStartWith(line)
    },
    TIMEOUT_MS,
  )

  test.each<[string, Partial<Provider>, Interaction[], string]>([
    ['nothing to verify', {}, [], 'the pact has no interactions'],
    [
      'a state without a handler',
      { states: {} },
      [pay],
      'bank has no handler for the state "there is money"',
    ],
    [
      'a message without a source',
      { messages: {} },
      [moved],
      'bank has no source of the message "money.moved.v1"',
    ],
    [
      'a state that cannot be brought about',
      { states: { 'there is money': { setup: () => Promise.reject(new Error('no mint')) } } },
      [pay],
      'the setup of the state "there is money" failed: Error: no mint',
    ],
    [
      'a world that cannot be reset',
      { reset: () => Promise.reject(new Error('no broom')) },
      [pay],
      "error executing 'beforeEach' hook: no broom",
    ],
  ])(
    'takes %s for a fault',
    async (_name, changes, interactions, fault) => {
      const { faults } = await verify(bank(changes), interactions)
      expect(faults.join('\n')).toContain(fault)
    },
    TIMEOUT_MS,
  )

  test('takes the pact of another provider for a fault', async () => {
    const { faults } = await verify(bank(), [pay], 'mint')
    expect(faults).toEqual(['the pact is about "mint", not about "bank"'])
  })

  test(
    'takes an interaction without a result for a fault',
    async () => {
      const pact: Pact = { consumer: { name: 'shop' }, provider: { name: 'bank' }, interactions: [pay] }
      const { faults } = await verifyPact(bank(), pact, { pactUrls: [join(folder, 'not-there.json')] })
      expect(faults.join('\n')).toContain('1 of 1 interactions have no result')
    },
    TIMEOUT_MS,
  )
})

function withAnswer(content: object): Interaction {
  return { ...pay, response: { status: 200, body: { content } } }
}
