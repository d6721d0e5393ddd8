import { afterAll, describe, expect, test } from 'bun:test'
import { eachOf } from '../journeys/world.ts'
import type { Credentials } from './ask.ts'
import { everyCaller } from './callers.ts'
import { attemptMany, counts, describedAttempts, isFull, refusedAttempts, seed } from './fuzz.ts'
import { openMarket } from './market.ts'
import { isRead, type Operation, operations } from './operations.ts'
import { changesBetween, databases, select, settledRows } from './rows.ts'
import { validCalls } from './valid-calls.ts'

/*
 * Requests that nobody thought of, made from the documents of the services. Those that must be refused are, and
 * leave every row as it was; those that are described never end in a failure; and every answer is as documented.
 */

const REQUESTS = isFull ? 500_000 : 20_000
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
const HASHING_RUNS = isFull ? 200 : 5
/** To look for the one request that changed something, each is followed by a look at all tables. */
const SEARCH_RUNS = 100

const startedAt = new Date()
const market = await openMarket()
const callers = await everyCaller(market)
const owners = new Map<Operation, Credentials>()
for (const operation of operations) owners.set(operation, await ownerOf(operation))
const ids = [
  market.productId,
  market.imageId,
  market.orderId,
  market.buyer.id,
  market.buyer.addressId,
  market.seller.id,
  market.otherBuyer.addressId,
]
console.log(`The seed is ${seed}; BAZAAR_FUZZ_SEED=${seed} does the same again.`)

afterAll(async () => {
  // More than a hundred valid keys would keep others from issuing theirs.
  for (const database of databases.filter((name) => /iam|inventory/.test(name)))
    await select(
      `update \`${database}\`.api_keys set revoked_at = now(3) where revoked_at is null and created_at >= ?
      and caller not in ('operator', 'user', 'order')`,
      [startedAt],
    )
  const shares = [...counts.byStatus].sort(([one], [other]) => one - other)
  console.log(
    `${counts.sent} requests: ${shares.map(([status, times]) => `${times} × ${status}`).join(', ')}`,
  )
})

describe('S50 S59 S51 requests that nobody thought of', () => {
  test('are refused where they must be, and leave every row as it was', async () => {
    const runs = Math.ceil((REQUESTS * (1 - DESCRIBED_SHARE)) / operations.length)
    const before = await settledRows()
    await eachOf(operations, AT_ONCE, (operation) =>
      attemptMany(operation, refusedAttempts(operation, knownOf(operation)), { runs }),
    )
    const changed = changesBetween(before, await settledRows())
    if (changed.length > 0) await findWhoChanged()
    expect(changed).toEqual([])
  })

  test('are answered as documented where they are described', async () => {
    const runs = Math.ceil((REQUESTS * DESCRIBED_SHARE) / (operations.length - HASHING.length))
    const isHashing = ({ id }: Operation) => HASHING.includes(id)
    const attempt = (operation: Operation) =>
      attemptMany(operation, describedAttempts(operation, knownOf(operation)), {
        runs: isHashing(operation) ? HASHING_RUNS : runs,
      })
    await Promise.all([
      eachOf(
        operations.filter((one) => !isHashing(one)),
        AT_ONCE,
        attempt,
      ),
      eachOf(operations.filter(isHashing), 1, attempt),
    ])
  })

  test('were as many as promised', () => {
    expect(counts.sent).toBeGreaterThanOrEqual(REQUESTS)
    expect([...counts.byStatus.keys()].filter((status) => status >= 500)).toEqual([])
    for (const status of [200, 201, 204, 401, 403, 404, 422])
      expect(counts.byStatus.get(status) ?? 0).toBeGreaterThan(5)
  })
})

/** Something changed, so each request is now looked at alone; the smallest that changes something is thrown. */
async function findWhoChanged(): Promise<void> {
  for (const operation of operations.filter((one) => !isRead(one)))
    await attemptMany(operation, refusedAttempts(operation, knownOf(operation)), {
      runs: SEARCH_RUNS,
      around: async (send) => {
        const before = await settledRows()
        await send()
        const changed = changesBetween(before, await settledRows())
        if (changed.length > 0)
          throw new Error(`${operation.id} was refused and changed ${changed.join(', ')}`)
      },
    })
}

function knownOf(operation: Operation) {
  return { ids, callers, owner: owners.get(operation) ?? {} }
}

/** Who may call an operation. */
async function ownerOf(operation: Operation): Promise<Credentials> {
  const { as } = (await validCalls[operation.id]?.(market)) ?? { as: {} }
  return as
}
