import { or, sql } from 'drizzle-orm'
import type { Reader, Transaction } from './database.ts'
import {
  type Claim,
  claimKey,
  claimOf,
  idempotencyKeys,
  identity,
  isKey,
  type KeptAnswer,
  type KeyedRequest,
  requestHashOf,
} from './idempotency-keys.ts'

/* What is done with the keys of several requests by one statement, where requests are gathered. */

/**
 * The states of keys, without claiming them; for a key that was used for another request the refusal
 * idempotency-key-reused.
 */
export async function findClaims(
  connection: Reader,
  keyed: readonly KeyedRequest[],
): Promise<(Claim | Error)[]> {
  const present = await connection
    .select()
    .from(idempotencyKeys)
    .where(or(...keyed.map(isKey)))
  return keyed.map((one) => {
    const { ownerId, operation, keyHash } = identity(one)
    const row = present.find(
      (stored) =>
        stored.keyHash.equals(keyHash) && stored.ownerId === ownerId && stored.operation === operation,
    )
    try {
      return claimOf(row, requestHashOf(one))
    } catch (refusal) {
      if (refusal instanceof Error) return refusal
      throw refusal
    }
  })
}

/**
 * Claims keys inside the transaction of the effects. The keys are claimed in their order, so that two transactions
 * wait for each other, but never in a circle.
 *
 * @throws {Error} when one of several keys is not new, and says nothing of it: claim them one by one then.
 * @throws {DomainError} idempotency-key-reused when a single key was used for another request.
 */
export async function claimKeys(
  tx: Transaction,
  wanted: readonly { keyed: KeyedRequest; resourceId: string }[],
): Promise<Claim[]> {
  const [first, ...others] = wanted
  if (first && others.length === 0) return [await claimKey(tx, first.keyed, first.resourceId)]
  const rows = wanted.map(({ keyed, resourceId }) => ({
    ...identity(keyed),
    requestHash: requestHashOf(keyed),
    resourceId,
    claims: 1,
    createdAt: sql`now(3)`,
  }))
  const [claimed] = await tx
    .insert(idempotencyKeys)
    .values(rows.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1)))
    .onDuplicateKeyUpdate({ set: { claims: sql`${idempotencyKeys.claims} + 1` } })
  // A row that is there already counts twice.
  if (claimed.affectedRows !== wanted.length) throw new Error('not every key of a batch is new')
  return wanted.map(() => ({ found: 'nothing' }))
}

/** Where a key stands among all others. */
function placeOf({ ownerId, operation, keyHash }: ReturnType<typeof identity>): string {
  return `${ownerId} ${operation} ${keyHash.toString('hex')}`
}

/**
 * Gives up claims that this transaction has just made. One by one: a statement for all of them would look at every row
 * of a small table, and wait for the claims of others.
 */
export async function deleteClaims(tx: Transaction, keyed: readonly KeyedRequest[]): Promise<void> {
  for (const one of keyed) await tx.delete(idempotencyKeys).where(isKey(one))
}

/** Stores the answers for claimed keys, found by primary key, inside the transaction that makes them true. */
export async function keepAnswers(
  tx: Transaction,
  kept: readonly { keyed: KeyedRequest; answer: KeptAnswer }[],
): Promise<void> {
  if (kept.length === 0) return
  const cases = kept.map(
    ({ keyed, answer }) => sql`when ${isKey(keyed)} then ${sql.param(answer, idempotencyKeys.answer)}`,
  )
  const wanted = or(...kept.map(({ keyed }) => isKey(keyed)))
  await tx.execute(
    sql`update ${idempotencyKeys} force index (primary)
      set ${idempotencyKeys.answer} = case ${sql.join(cases, sql` `)} end where ${wanted}`,
  )
}
