import { describe, expect, test } from 'bun:test'
import { type Knowledge, planRollOut, type Running, refusalsFor, runningNow } from '../verify/can-i-deploy.ts'
import { fingerprint, type Interaction } from '../verify/pact-file.ts'
import type { FiledPact, PactOf } from '../verify/pact-folder.ts'
import type { VerificationRecord } from '../verify/records.ts'

/* A shop asks a bank over HTTP, and the bank hears messages of the shop. */

const pay: Interaction = {
  type: 'Synchronous/HTTP',
  description: 'pay: there is money',
  response: { status: 200, body: { content: { paid: true } } },
}
const payOtherwise: Interaction = { ...pay, response: { status: 201 } }
const ordered: Interaction = { type: 'Asynchronous/Messages', description: 'ordered.v1: by anybody' }

function pact(
  consumer: string,
  provider: string,
  interactions: Interaction[],
  pactOf: PactOf = 'current',
): FiledPact {
  const file = `${consumer}-${provider}.json`
  return { consumer: { name: consumer }, provider: { name: provider }, interactions, file, pactOf }
}

function record(of: FiledPact, changes: Partial<VerificationRecord> = {}): VerificationRecord {
  const { consumer, provider, pactOf, interactions } = of
  const outcomes = interactions.map((one) => ({
    description: one.description,
    fingerprint: fingerprint(one),
    mismatches: [],
  }))
  return {
    consumer: consumer.name,
    provider: provider.name,
    providerVersion: `${provider.name}-2`,
    pactOf,
    outcomes,
    faults: [],
    ...changes,
  }
}

const shopPact = pact('shop', 'bank', [pay])
const bankPact = pact('bank', 'shop', [ordered])
const releasedShopPact = pact('shop', 'bank', [pay], 'released')

const sound: Knowledge = {
  services: ['shop', 'bank'],
  uses: [
    { consumer: 'shop', provider: 'bank', kind: 'operation', name: 'pay' },
    { consumer: 'bank', provider: 'shop', kind: 'message', name: 'ordered.v1' },
  ],
  pacts: [shopPact, bankPact, releasedShopPact],
  records: [record(shopPact), record(bankPact), record(releasedShopPact)],
  versions: { shop: 'shop-2', bank: 'bank-2' },
  released: {
    services: {
      shop: { version: 'shop-1', keeps: { [fingerprint(ordered)]: ordered.description } },
      bank: { version: 'bank-1', keeps: { [fingerprint(pay)]: pay.description } },
    },
  },
}
const bothReleased: Running = { shop: 'released', bank: 'released' }
const bankIsNew: Running = { shop: 'released', bank: 'current' }

describe('refusalsFor()', () => {
  test('refuses nothing when each consumer gets what it states', () => {
    expect(refusalsFor(sound, 'shop', bothReleased)).toEqual([])
    expect(refusalsFor(sound, 'bank', bothReleased)).toEqual([])
    expect(refusalsFor(sound, 'shop', bankIsNew)).toEqual([])
  })

  const without = (...gone: FiledPact[]) =>
    sound.records.filter((one) => !gone.some((other) => isOf(one, other)))
  const isOf = (one: VerificationRecord, other: FiledPact) =>
    one.consumer === other.consumer.name && one.pactOf === other.pactOf
  const broken = record(shopPact, {
    outcomes: [
      { description: pay.description, fingerprint: fingerprint(pay), mismatches: ['$.paid is missing'] },
    ],
  })

  test.each<[string, Partial<Knowledge>, string, Running, string]>([
    ['an unknown service', {}, 'till', bothReleased, 'There is no service "till"; there are shop, bank'],
    [
      'a use that no pact states',
      { pacts: [bankPact], records: [record(bankPact)] },
      'shop',
      bothReleased,
      'shop uses "pay" of bank, but no pact states it',
    ],
    [
      'a pact that states nothing',
      { uses: [], pacts: [pact('shop', 'bank', [])] },
      'shop',
      bankIsNew,
      'the pact of shop with bank states nothing',
    ],
    [
      'a pact that was never verified',
      { records: without(shopPact) },
      'shop',
      bankIsNew,
      'bank was never verified against the pact of shop: run bun run contracts',
    ],
    [
      'a provider that has changed since',
      { versions: { shop: 'shop-2', bank: 'bank-3' } },
      'shop',
      bankIsNew,
      'bank has changed since it was verified against the pact of shop: run bun run contracts',
    ],
    [
      'a verification that went wrong',
      { records: [...without(shopPact), record(shopPact, { faults: ['the verifier broke down'] })] },
      'shop',
      bankIsNew,
      'bank could not be verified for shop: the verifier broke down',
    ],
    [
      'an interaction without a result',
      { records: [...without(shopPact), record(shopPact, { outcomes: [] })] },
      'shop',
      bankIsNew,
      'bank was not verified to keep "pay: there is money" for shop as the pact states it now',
    ],
    [
      'a pact that has changed since',
      { pacts: [pact('shop', 'bank', [payOtherwise]), bankPact] },
      'shop',
      bankIsNew,
      'bank was not verified to keep "pay: there is money" for shop as the pact states it now',
    ],
    [
      'a provider that breaks it',
      { records: [...without(shopPact), broken] },
      'shop',
      bankIsNew,
      'bank breaks "pay: there is money" for shop: $.paid is missing',
    ],
    [
      'a provider that breaks the consumer that runs',
      { records: [...without(releasedShopPact), { ...broken, pactOf: 'released' }] },
      'bank',
      bothReleased,
      'bank breaks "pay: there is money" for the released shop: $.paid is missing',
    ],
    [
      'a provider that was not verified for the consumer that runs',
      { records: without(releasedShopPact) },
      'bank',
      bothReleased,
      'bank was never verified against the pact of the released shop: run bun run contracts',
    ],
    [
      'a need that the provider which runs does not keep',
      { pacts: [pact('shop', 'bank', [payOtherwise]), bankPact] },
      'shop',
      bothReleased,
      'the bank that runs does not keep "pay: there is money" for shop: deploy bank first',
    ],
    [
      'a provider that does not run',
      {},
      'shop',
      { shop: 'released', bank: undefined },
      'shop asks bank, which does not run: deploy bank first',
    ],
  ])('refuses %s', (_name, changes, service, running, refusal) => {
    expect(refusalsFor({ ...sound, ...changes }, service, running)).toEqual([refusal])
  })

  test('lets a comment in a pact ask nothing new of what runs', () => {
    const commented = { ...pay, comments: { references: { AsyncAPI: { operationId: 'send-paid' } } } }
    const pacts = [pact('shop', 'bank', [commented]), bankPact, releasedShopPact]
    expect(refusalsFor({ ...sound, pacts }, 'shop', runningNow(sound))).toEqual([])
  })

  test('lets a consumer of messages come before their sender', () => {
    expect(refusalsFor(sound, 'bank', { shop: undefined, bank: undefined })).toEqual([])
  })
})

describe('planRollOut()', () => {
  test('finds the order in which each provider comes before its consumers', () => {
    const fresh = { ...sound, released: { services: {} } }
    expect(runningNow(fresh)).toEqual({ shop: undefined, bank: undefined })
    expect(planRollOut(fresh, ['shop', 'bank'])).toEqual({ order: ['bank', 'shop'], refusals: {} })
  })

  test('deploys the provider first when the consumer needs something new', () => {
    const more = pact('shop', 'bank', [pay, { ...pay, description: 'pay: twice' }])
    const knowledge = {
      ...sound,
      pacts: [more, bankPact, releasedShopPact],
      records: [record(more), record(bankPact), record(releasedShopPact)],
    }
    expect(planRollOut(knowledge, ['shop', 'bank'])).toEqual({ order: ['bank', 'shop'], refusals: {} })
  })

  test('refuses what no order can save', () => {
    const otherwise = pact('shop', 'bank', [payOtherwise])
    const stillRunning = record(releasedShopPact, {
      outcomes: [
        { description: pay.description, fingerprint: fingerprint(pay), mismatches: ['status: is 201'] },
      ],
    })
    const knowledge = {
      ...sound,
      pacts: [otherwise, bankPact, releasedShopPact],
      records: [record(otherwise), record(bankPact), stillRunning],
    }
    const { order, refusals } = planRollOut(knowledge, ['shop', 'bank'])
    expect(order).toEqual([])
    expect(refusals).toEqual({
      shop: ['the bank that runs does not keep "pay: there is money" for shop: deploy bank first'],
      bank: ['bank breaks "pay: there is money" for the released shop: status: is 201'],
    })
  })
})
