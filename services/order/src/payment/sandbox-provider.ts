import {
  type Connection,
  type Database,
  inTransaction,
  read,
  repeatably,
  type Transaction,
} from '@bazaar/shared/database/database'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { gatherOn } from '@bazaar/shared/process/gather'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { ProviderState } from './payment.ts'
import type { Charge, PaymentProvider } from './payment-provider.ts'
import { sandboxPayments, sandboxRefunds } from './sandbox-tables.ts'

/** Longer than any caller waits for an answer. */
const TOO_LATE_MS = 2_000

/**
 * The built-in payment provider. It moves no money but keeps books as a real one would, so that the marketplace's
 * requests can be checked. Tokens decide what happens: `tok_declined_…` is declined; `tok_timeout_…` is authorised,
 * but the first answer comes too late.
 */
export function sandboxProvider(database: Database): PaymentProvider {
  return {
    name: 'sandbox',

    async authorise(charge) {
      if (charge.method?.startsWith('tok_timeout')) return authoriseSlowly(database, charge)
      const first = charge.method?.startsWith('tok_declined') ? 'DECLINED' : 'AUTHORISED'
      return answerOf(await beginTogether(database, { charge, first }))
    },

    capture: async (charge) =>
      (await captureTogether(database, charge.paymentId)) ? 'captured' : captureAlone(database, charge),

    void: (charge) =>
      inTransaction(database, async (tx) => {
        const state = await lockBooks(tx, charge, 'VOIDED')
        if (state === 'CAPTURED') return 'captured'
        await saveState(tx, charge, 'VOIDED')
        return 'voided'
      }),

    refund: (charge, refund) =>
      inTransaction(database, async (tx) => {
        const state = await lockBooks(tx, charge, 'DECLINED')
        const given = await tx
          .select()
          .from(sandboxRefunds)
          .where(eq(sandboxRefunds.paymentId, charge.paymentId))
        if (given.some((one) => one.id === refund.id)) return
        const givenMinor = given.reduce((sum, one) => sum + one.amountMinor, 0)
        if (state !== 'CAPTURED' || givenMinor + refund.amountMinor > charge.amountMinor) {
          throw new Error('Cannot refund more than was captured')
        }
        const { id, amountMinor } = refund
        await tx
          .insert(sandboxRefunds)
          .values({ id, amountMinor, paymentId: charge.paymentId, at: sql`now(3)` })
      }),

    async statesOf(paymentIds) {
      const books = await read(database, (connection) =>
        connection
          .select({ paymentId: sandboxPayments.paymentId, state: sandboxPayments.state })
          .from(sandboxPayments)
          .where(inArray(sandboxPayments.paymentId, [...paymentIds])),
      )
      return new Map(books.map(({ paymentId, state }) => [paymentId, state]))
    },
  }
}

/** Begun by itself, because of several that are begun together nobody knows which are new. */
async function authoriseSlowly(database: Database, charge: Charge): Promise<'authorised' | 'declined'> {
  const { states, areNew } = await repeatably(database, (connection) =>
    begin(connection, [{ charge, first: 'AUTHORISED' }]),
  )
  if (areNew) {
    await new Promise((resolve) => setTimeout(resolve, TOO_LATE_MS))
    throw new DependencyUnavailable('the payment provider')
  }
  const [state = 'AUTHORISED'] = states
  return answerOf(state)
}

function answerOf(state: ProviderState): 'authorised' | 'declined' {
  return state === 'AUTHORISED' || state === 'CAPTURED' ? 'authorised' : 'declined'
}

type Beginning = { charge: Charge; first: ProviderState }

/** At most this many payments are begun, or captured, by one statement. */
const BOOKED_TOGETHER = { of: 'the payment provider', batchMax: 64, waitingMax: 512, atOnce: 2 } as const

/** The state of a payment; an unknown payment begins in `first`. */
const beginTogether = gatherOn(
  (database: Database, all: Beginning[], patience) =>
    repeatably(database, async (connection) => (await begin(connection, all)).states, patience),
  BOOKED_TOGETHER,
)

/** The states of payments, and whether all of them are new. */
async function begin(
  connection: Connection,
  all: readonly Beginning[],
): Promise<{ states: ProviderState[]; areNew: boolean }> {
  const opened = await openBooks(connection, all)
  if (opened === all.length) return { states: all.map(({ first }) => first), areNew: true }
  // Some were begun before, and those that were not are by now.
  const ids = all.map(({ charge }) => charge.paymentId)
  const books = await connection
    .select({ paymentId: sandboxPayments.paymentId, state: sandboxPayments.state })
    .from(sandboxPayments)
    .where(inArray(sandboxPayments.paymentId, ids))
  const states = all.map(
    ({ charge, first }) => books.find(({ paymentId }) => paymentId === charge.paymentId)?.state ?? first,
  )
  return { states, areNew: false }
}

/** Whether payments are captured, by one statement; if not, it is undefined which of them are by now. */
const captureTogether = gatherOn(async (database: Database, paymentIds: string[], patience) => {
  const [changed] = await repeatably(
    database,
    (connection) =>
      connection
        .update(sandboxPayments)
        .set({ state: 'CAPTURED', changedAt: sql`now(3)` })
        .where(and(inArray(sandboxPayments.paymentId, paymentIds), eq(sandboxPayments.state, 'AUTHORISED'))),
    patience,
  )
  return paymentIds.map(() => changed.affectedRows === paymentIds.length)
}, BOOKED_TOGETHER)

function captureAlone(database: Database, charge: Charge): Promise<'captured' | 'voided'> {
  return inTransaction(database, async (tx) => {
    const state = await lockBooks(tx, charge, 'DECLINED')
    if (state === 'DECLINED') throw new Error('Cannot capture a payment that was not authorised')
    if (state === 'AUTHORISED') await saveState(tx, charge, 'CAPTURED')
    return state === 'VOIDED' ? 'voided' : 'captured'
  })
}

/** The state of a payment, locked until the end of the transaction; an unknown payment begins in `otherwise`. */
async function lockBooks(tx: Transaction, charge: Charge, otherwise: ProviderState): Promise<ProviderState> {
  if ((await openBooks(tx, [{ charge, first: otherwise }])) === 1) return otherwise
  const [books] = await tx
    .select()
    .from(sandboxPayments)
    .where(eq(sandboxPayments.paymentId, charge.paymentId))
    .for('update')
  return books?.state ?? otherwise
}

/** Opens the books of payments. Returns the number of those that were not open yet. */
async function openBooks(connection: Connection, all: readonly Beginning[]): Promise<number> {
  const changedAt = sql`now(3)`
  const [opened] = await connection
    .insert(sandboxPayments)
    .ignore()
    .values(
      all.map(({ charge: { paymentId, amountMinor }, first: state }) => ({
        paymentId,
        amountMinor,
        state,
        changedAt,
      })),
    )
  return opened.affectedRows
}

async function saveState(tx: Transaction, charge: Charge, state: ProviderState): Promise<void> {
  await tx
    .update(sandboxPayments)
    .set({ state, changedAt: sql`now(3)` })
    .where(eq(sandboxPayments.paymentId, charge.paymentId))
}
