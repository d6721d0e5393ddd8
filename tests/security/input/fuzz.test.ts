import { afterAll, describe, expect, test } from 'bun:test'
import { eachOf } from '../../journeys/world.ts'
import { everyCaller } from '../callers/callers.ts'
import type { Credentials } from '../system/ask.ts'
import { type Market, openMarket } from '../system/market.ts'
import { isRead, type Operation, operations } from '../system/operations.ts'
import {
  changesBetween,
  databases,
  differencesBetween,
  readEachRow,
  select,
  settledRows,
} from '../system/rows.ts'
import { validCalls } from '../system/valid-calls.ts'
import { attemptMany, counts, describedAttempts, isFull, refusedAttempts, seed } from './fuzz.ts'

/*
 * Requests that nobody thought of, made from the documents of the services. Those that must be refused are, and
 * leave every row as it was; those that are described never end in a failure; and every answer is as documented.
 */

/**
 * Requests come in rounds with other draws each, so that what changed is known to be of the last minutes. The seed of
 * a round, given to the quick set, does that round again. Held stock and sessions must outlive all rounds.
 */
const ROUNDS = isFull ? 25 : 1
const REQUESTS_PER_ROUND = 20_000
const AT_ONCE = 12
/** One in six is as described. */
const DESCRIBED_SHARE = 1 / 6
/** A password is hashed for each of these: a tenth of a second of a core. */
const HASHING = [
  'iam setCredential',
  'iam verifyCredential',
  'iam changePassword',
  'user signUp',
  'user logIn',
  'user changePassword',
  'user changeProfile',
  'user closeAccount',
]
const HASHING_RUNS = isFull ? 8 : 5
const REFUSED_RUNS = Math.ceil((REQUESTS_PER_ROUND * (1 - DESCRIBED_SHARE)) / operations.length)
const DESCRIBED_RUNS = Math.ceil(
  (REQUESTS_PER_ROUND * DESCRIBED_SHARE) / (operations.length - HASHING.length),
)
/** More rows than these say no more about what happened. */
const TOLD_MAX = 20

const startedAt = new Date()
const rounds = Array.from({ length: ROUNDS }, (_, index) => ({ round: index + 1, seed: seed + index }))
let known = await newKnown()
console.log(`The seed is ${seed}; BAZAAR_FUZZ_SEED=${seed} does the same again.`)

afterAll(async () => {
  await forgetKeys()
  const shares = [...counts.byStatus].sort(([one], [other]) => one - other)
  console.log(
    `${counts.sent} requests: ${shares.map(([status, times]) => `${times} × ${status}`).join(', ')}`,
  )
})

describe('S50 S59 S51 requests that nobody thought of', () => {
  test.each(rounds)(
    'are refused where they must be, and leave every row as it was ($round)',
    async (round) => {
      const [before, rowsBefore] = [await settledRows(), await readEachRow()]
      await eachOf(operations, AT_ONCE, (operation) => attemptRefused(operation, round.seed))
      tell(round)
      const changed = changesBetween(before, await settledRows())
      if (changed.length > 0) {
        const rows = differencesBetween(rowsBefore, await readEachRow()).slice(0, TOLD_MAX)
        console.log(`While all was refused, these changed:\n${rows.join('\n')}`)
        await findWhoChanged(round.seed)
      }
      expect(changed).toEqual([])
    },
  )

  test.each(rounds)('are answered as documented where they are described ($round)', async (round) => {
    // The owners have logged out, archived and deleted what they could.
    if (round.round > 1) known = await newKnown()
    const isHashing = ({ id }: Operation) => HASHING.includes(id)
    const attempt = (operation: Operation) =>
      attemptMany(operation, describedAttempts(operation, knownOf(operation)), {
        seed: round.seed,
        runs: isHashing(operation) ? HASHING_RUNS : DESCRIBED_RUNS,
      })
    await Promise.all([
      eachOf(
        operations.filter((one) => !isHashing(one)),
        AT_ONCE,
        attempt,
      ),
      eachOf(operations.filter(isHashing), 1, attempt),
    ])
    tell(round)
  })

  test('were as many as promised', () => {
    expect(counts.sent).toBeGreaterThanOrEqual(ROUNDS * REQUESTS_PER_ROUND)
    expect([...counts.byStatus.keys()].filter((status) => status >= 500)).toEqual([])
    for (const status of [200, 201, 204, 401, 403, 404, 422])
      expect(counts.byStatus.get(status) ?? 0).toBeGreaterThan(5)
  })
})

/**
 * Something changed, so each operation is tried again by itself, and of one that changes something each request: the
 * smallest that does is thrown.
 */
async function findWhoChanged(roundSeed: number): Promise<void> {
  for (const operation of operations.filter((one) => !isRead(one))) {
    const changed = await changesDuring(() => attemptRefused(operation, roundSeed))
    if (changed.length === 0) continue
    console.log(`${operation.id} changed ${changed.join(', ')} again; looking for the request`)
    await attemptRefused(operation, roundSeed, async (send) => {
      const changedByOne = await changesDuring(send)
      if (changedByOne.length > 0)
        throw new Error(`${operation.id} was refused and changed ${changedByOne.join(', ')}`)
    })
  }
  console.log('No operation alone changed anything again.')
}

async function changesDuring(work: () => Promise<void>): Promise<string[]> {
  const before = await settledRows()
  await work()
  return changesBetween(before, await settledRows())
}

function attemptRefused(
  operation: Operation,
  roundSeed: number,
  around?: (send: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const attempts = refusedAttempts(operation, knownOf(operation))
  return attemptMany(operation, attempts, { seed: roundSeed, runs: REFUSED_RUNS, ...(around && { around }) })
}

function tell({ round, seed: roundSeed }: { round: number; seed: number }): void {
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1_000)
  console.log(`Round ${round} of ${ROUNDS}, seed ${roundSeed}: ${counts.sent} requests, ${seconds} s`)
}

/** Things that exist, and who calls; all of it is new. */
async function newKnown() {
  await forgetKeys()
  const market = await openMarket()
  const { productId, imageId, orderId, buyer, seller, otherBuyer } = market
  const ids = [productId, imageId, orderId, buyer.id, buyer.addressId, seller.id, otherBuyer.addressId]
  const callers = await everyCaller(market)
  const owners = new Map<Operation, Credentials>()
  for (const operation of operations) owners.set(operation, await ownerOf(operation, market))
  return { ids, callers, owners }
}

/** More than a hundred valid keys would keep others, and the next round, from issuing theirs. */
async function forgetKeys(): Promise<void> {
  for (const database of databases.filter((name) => /iam|inventory/.test(name)))
    await select(
      `update \`${database}\`.api_keys set revoked_at = now(3) where revoked_at is null and created_at >= ?
      and caller not in ('operator', 'user', 'order')`,
      [startedAt],
    )
}

function knownOf(operation: Operation) {
  const { ids, callers, owners } = known
  return { ids, callers, owner: owners.get(operation) ?? {} }
}

/** Who may call an operation. */
async function ownerOf(operation: Operation, market: Market): Promise<Credentials> {
  const { as } = (await validCalls[operation.id]?.(market)) ?? { as: {} }
  return as
}
