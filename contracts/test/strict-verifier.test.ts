import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provider } from '../providers/provider.ts'
import { type Interaction, type Pact, readPact } from '../verify/pact-file.ts'
import { verifyPact } from '../verify/strict-verifier.ts'
import { moved, openBank, pactText, pay } from './bank.ts'

const TIMEOUT_MS = 120_000

const sound = await openBank()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bazaar-verifier-'))
})
afterAll(async () => {
  await sound.close()
  await rm(folder, { recursive: true })
})

function bank(changes: Partial<Provider> = {}): Provider {
  return { ...sound, ...changes }
}

async function verify(provider: Provider, interactions: Interaction[], name = 'bank') {
  const file = join(folder, `${crypto.randomUUID()}.json`)
  const text = pactText(interactions, name)
  await writeFile(file, text)
  const { outcomes, faults } = await verifyPact(provider, readPact(text, file), file)
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
      const { faults } = await verifyPact(bank(), pact, join(folder, 'not-there.json'))
      expect(faults.join('\n')).toContain('1 of 1 interactions have no result')
    },
    TIMEOUT_MS,
  )
})

function withAnswer(content: object): Interaction {
  return { ...pay, response: { status: 200, body: { content } } }
}
