import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { verifyBrokered } from '../verify/verify-brokered.ts'
import { openBank, pactText, pay } from './bank.ts'

/*
 * A stand-in for a broker, which cannot be installed with the rest: it speaks the part of its interface that is
 * used here, as its own documentation describes it.
 */

const TIMEOUT_MS = 120_000
const code = { providerVersion: '4f2c', branch: 'main' }

const bank = await openBank()
const heard: { call: string; body: unknown }[] = []
let pacts: string[] = []

const server = createServer(async (request, response) => {
  const content = await text(request)
  const call = `${request.method} ${request.url}`
  const [, number] = /^GET \/pacts\/(\d+)$/.exec(call) ?? []
  if (request.headers.authorization !== 'Bearer a-token') return response.writeHead(401).end()
  response.setHeader('content-type', 'application/hal+json')
  if (call === 'POST /pacts/provider/bank/for-verification') {
    const links = pacts.map((_, index) => ({ _links: { self: { href: `${base}/pacts/${index}` } } }))
    return response.end(JSON.stringify({ _embedded: { pacts: links } }))
  }
  if (number !== undefined) {
    const _links = { 'pb:publish-verification-results': { href: `${base}/results/${number}` } }
    return response.end(JSON.stringify({ ...JSON.parse(pacts[Number(number)] ?? '{}'), _links }))
  }
  heard.push({ call, body: JSON.parse(content) })
  return response.end('{}')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
const base = `http://127.0.0.1:${address && typeof address !== 'string' ? address.port : 0}`
const broker = { url: base, token: 'a-token' }

beforeEach(() => {
  heard.length = 0
})
afterAll(async () => {
  server.close()
  await bank.close()
})

describe('verifyBrokered()', () => {
  test(
    'tells the broker what is kept and what is not',
    async () => {
      const otherwise = { ...pay, response: { status: 200, body: { content: { paid: true, at: 1 } } } }
      pacts = [pactText([pay]), pactText([otherwise])]
      expect(await verifyBrokered(broker, bank, code)).toEqual([
        `bank for shop (${base}/pacts/1): "pay: there is money": $.at is missing`,
      ])
      expect(heard).toMatchObject([
        { call: 'PUT /pacticipants/bank/branches/main/versions/4f2c' },
        { call: 'POST /results/0', body: { success: true, providerApplicationVersion: '4f2c' } },
        { call: 'POST /results/1', body: { success: false, providerApplicationVersion: '4f2c' } },
      ])
    },
    TIMEOUT_MS,
  )

  test(
    'does not tell the broker of a success when a state has no handler',
    async () => {
      pacts = [pactText([pay])]
      expect(await verifyBrokered(broker, { ...bank, states: {} }, code)).toHaveLength(1)
      expect(heard.at(-1)).toMatchObject({ call: 'POST /results/0', body: { success: false } })
    },
    TIMEOUT_MS,
  )

  test('fails when the broker has no pact', async () => {
    pacts = []
    expect(verifyBrokered(broker, bank, code)).rejects.toThrow('The broker has no pact for bank')
    expect(heard).toEqual([])
  })

  test('fails when the broker does not let us in', async () => {
    expect(verifyBrokered({ url: base }, bank, code)).rejects.toThrow('The broker answered 401')
  })
})
