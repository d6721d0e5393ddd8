import { createHash } from 'node:crypto'
import { and, asc, eq, lt, sql } from 'drizzle-orm'
import { customType, index, int, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import type { ProblemKind } from '../api/operation.ts'
import { DomainError, type FieldError } from '../problem.ts'
import { Reply } from '../reply.ts'
import { bytes, instant, uuid } from './columns.ts'
import { type Database, inTransaction, type Reader, type Transaction } from './database.ts'

/*
 * A client that gets no answer repeats its request with the same Idempotency-Key, and the effect happens once
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/). The key is stored in the transaction
 * of the effect, so the two cannot disagree. The stored outcome is a success, or a refusal (409) that depends on the
 * state of things. A request that never began (other 4xx) or whose outcome is unknown (5xx) is not stored, so it can
 * be tried again. A key belongs to one user and one operation.
 */

/** The stored outcome of a key: the answer to give again. */
export type KeptAnswer =
  | { kind: 'success'; status: number; body: unknown; headers: Record<string, string> }
  | {
      kind: 'refusal'
      code: string
      detail: string
      errors?: FieldError[] | undefined
      members: Record<string, unknown>
    }

// Text and not JSON: a replay must be the same to the byte, but MySQL reorders the members of a JSON value.
const answerText = customType<{ data: KeptAnswer; driverData: string }>({
  dataType: () => 'mediumtext',
  toDriver: (answer) => JSON.stringify(answer),
  fromDriver: (text) => JSON.parse(text),
})

export const idempotencyKeys = mysqlTable(
  'idempotency_keys',
  {
    ownerId: uuid('owner_id').notNull(),
    operation: varchar('operation', { length: 40 }).notNull(),
    keyHash: bytes('key_hash', { length: 32 }).notNull(),
    requestHash: bytes('request_hash', { length: 32 }).notNull(),
    /** The id of the thing that the request made, while there is no answer yet. */
    resourceId: uuid('resource_id'),
    answer: answerText('answer'),
    /** The number of claims: more than one means that the request was repeated. */
    claims: int('claims').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ownerId, table.operation, table.keyHash] }),
    index('idempotency_keys_created').on(table.createdAt),
  ],
)

/** A request under a key: the user, the operation, its parameters and its body. */
export type KeyedRequest = { ownerId: string; operation: string; key: string; request: unknown }

/** The result of claiming a key: it was new, it has an answer, or its first request is not finished. */
export type Claim =
  | { found: 'nothing' }
  | { found: 'answer'; answer: KeptAnswer }
  | { found: 'unfinished'; resourceId: string | null; createdAt: Date }

/**
 * Claims a key inside the transaction of the effect. A second claim waits for the first one's transaction.
 * @throws {DomainError} idempotency-key-reused when the key was used for another request.
 */
export async function claimKey(tx: Transaction, keyed: KeyedRequest, resourceId?: string): Promise<Claim> {
  const requestHash = requestHashOf(keyed)
  const key = { ...identity(keyed), requestHash, resourceId: resourceId ?? null }
  // Counting takes the exclusive lock. INSERT IGNORE would take a shared one, and two of its holders would deadlock.
  const [inserted] = await tx
    .insert(idempotencyKeys)
    .values({ ...key, claims: 1, createdAt: sql`now(3)` })
    .onDuplicateKeyUpdate({ set: { claims: sql`${idempotencyKeys.claims} + 1` } })
  if (inserted.affectedRows === 1) return { found: 'nothing' }
  const [present] = await tx.select().from(idempotencyKeys).where(isKey(keyed)).for('update')
  return claimOf(present, requestHash)
}

/**
 * The state of a key, without claiming it.
 * @throws {DomainError} idempotency-key-reused when the key was used for another request.
 */
export async function findClaim(connection: Reader, keyed: KeyedRequest): Promise<Claim> {
  const [present] = await connection.select().from(idempotencyKeys).where(isKey(keyed))
  return claimOf(present, requestHashOf(keyed))
}

/**
 * The claim that a stored key is, if there is one.
 * @throws {DomainError} idempotency-key-reused when the key was used for another request.
 */
export function claimOf(
  present: typeof idempotencyKeys.$inferSelect | undefined,
  requestHash: Buffer,
): Claim {
  if (!present) return { found: 'nothing' }
  if (!present.requestHash.equals(requestHash)) {
    throw new DomainError(
      'idempotency-key-reused',
      'This key was already used for a different request; use a new key for a new request',
    )
  }
  if (present.answer) return { found: 'answer', answer: present.answer }
  return { found: 'unfinished', resourceId: present.resourceId, createdAt: present.createdAt }
}

/** Stores the answer for a claimed key, inside the transaction that makes it true. */
export async function keepAnswer(
  tx: Transaction,
  keyed: Omit<KeyedRequest, 'request'>,
  answer: KeptAnswer,
): Promise<void> {
  await tx.update(idempotencyKeys).set({ answer }).where(isKey(keyed))
}

/**
 * Does the work of one transaction at most once per key, and gives the same answer each time. A DomainError with
 * status 409 is an answer too. Any other error undoes the claim along with the work.
 *
 * @throws {DomainError} idempotency-key-reused, or the errors of `work`.
 */
export async function once<Body>(
  database: Database,
  keyed: KeyedRequest,
  options: {
    kinds: Record<string, ProblemKind>
    work: (tx: Transaction) => Promise<{ status: number; body: Body; headers?: Record<string, string> }>
  },
): Promise<Reply<Body>> {
  const { answer, replayed } = await inTransaction(database, async (tx) => {
    const claim = await claimKey(tx, keyed)
    if (claim.found === 'answer') return { answer: claim.answer, replayed: true }
    await tx.execute(sql`savepoint before_work`)
    let answer: KeptAnswer
    try {
      answer = { kind: 'success', headers: {}, ...(await options.work(tx)) }
    } catch (error) {
      if (!(error instanceof DomainError) || options.kinds[error.code]?.status !== 409) throw error
      await tx.execute(sql`rollback to savepoint before_work`)
      answer = refusalOf(error)
    }
    await keepAnswer(tx, keyed, answer)
    return { answer, replayed: false }
  })
  return replay<Body>(answer, replayed)
}

/** A refusal as it is stored. */
export function refusalOf(error: DomainError): KeptAnswer {
  return {
    kind: 'refusal',
    code: error.code,
    detail: error.message,
    errors: error.errors,
    members: error.members,
  }
}

/**
 * Gives a stored answer unchanged, and marks it when it is a replay.
 * @throws {DomainError} the refusal that was stored.
 */
export function replay<Body>(answer: KeptAnswer, replayed: boolean): Reply<Body> {
  const mark: Record<string, string> = replayed ? { 'idempotent-replayed': 'true' } : {}
  if (answer.kind === 'refusal') {
    const { code, detail, members, errors } = answer
    throw new DomainError(code, detail, { members, headers: mark, ...(errors ? { errors } : {}) })
  }
  // Stored by the same operation, though perhaps of another release, whose answers had other members.
  return new Reply(answer.body as Body, {
    status: answer.status,
    headers: { ...answer.headers, ...mark },
    isReplay: replayed,
  })
}

/**
 * Forgets up to `most` answers older than `hours`, the oldest first, and returns their number. The things they made
 * stay.
 */
export async function forgetAnswers(
  database: Database,
  options: { hours: number; most: number },
): Promise<number> {
  return inTransaction(database, async (tx) => {
    const [deleted] = await tx
      .delete(idempotencyKeys)
      .where(lt(idempotencyKeys.createdAt, sql`now(3) - interval ${options.hours} hour`))
      .orderBy(asc(idempotencyKeys.createdAt))
      .limit(options.most)
    return deleted.affectedRows
  })
}

/** The columns that tell a key from all others. */
export function identity(keyed: Omit<KeyedRequest, 'request'>) {
  return { ownerId: keyed.ownerId, operation: keyed.operation, keyHash: hashOfKey(keyed.key) }
}

/** Whether a row is the one of a key. */
export function isKey(keyed: Omit<KeyedRequest, 'request'>) {
  const { ownerId, operation, keyHash } = identity(keyed)
  return and(
    eq(idempotencyKeys.ownerId, ownerId),
    eq(idempotencyKeys.operation, operation),
    eq(idempotencyKeys.keyHash, keyHash),
  )
}

/** Only the SHA-256 of a key is stored. */
export function hashOfKey(key: string): Buffer {
  return sha256(key)
}

/** Tells whether two requests are the same. */
export function requestHashOf({ request }: KeyedRequest): Buffer {
  return sha256(canonical(request))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** A fingerprint text with sorted members: requests that mean the same give the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  )
}
