import { type Database, type Reader, repeatably } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { reservationLines, reservations, stock, stockMovements } from '../tables.ts'
import { type Balance, BY_ORDERS, isSetAside, unitsLeft } from './audit-store.ts'

/** The rows that one statement adds up; that takes some milliseconds. */
const STEP_ROWS = 10_000
/** The time for all steps of one product together; enough for some ten million movements. */
const STEPS_DEADLINE_MS = 10 * 60 * 1000

/** The balance of a product with very many movements, added up in steps from one snapshot of the database. */
export async function findBalance(database: Database, productId: string): Promise<Balance[]> {
  return repeatably({ ...database, deadlineMs: STEPS_DEADLINE_MS }, async (connection) => {
    await connection.execute(sql`set transaction isolation level repeatable read`)
    await connection.execute(sql`start transaction with consistent snapshot, read only`)
    try {
      const [level] = await connection
        .select({ stockCount: stock.stockCount })
        .from(stock)
        .where(eq(stock.productId, productId))
      if (!level) return []
      const ledger = await addUpLedger(connection, productId)
      return [{ productId, ...level, ...ledger, setAside: await addUpSetAside(connection, productId) }]
    } finally {
      await connection.execute(sql`rollback`)
    }
  })
}

async function addUpLedger(connection: Reader, productId: string) {
  const { delta, reason, sequence } = stockMovements
  const sum = { moved: 0, takenByOrders: 0 }
  for (let last = 0; ; ) {
    const step = connection
      .select({
        delta,
        sequence,
        taken: sql`if(${inArray(reason, [...BY_ORDERS])}, -${delta}, 0)`.as('taken'),
      })
      .from(stockMovements)
      .where(and(eq(stockMovements.productId, productId), gt(sequence, last)))
      .orderBy(asc(sequence))
      .limit(STEP_ROWS)
      .as('step')
    const [added] = await connection
      .select({
        rows: sql`count(*)`.mapWith(Number),
        last: sql`max(${step.sequence})`.mapWith(Number),
        moved: sql`coalesce(sum(${step.delta}), 0)`.mapWith(Number),
        taken: sql`coalesce(sum(${step.taken}), 0)`.mapWith(Number),
      })
      .from(step)
    if (!added) return sum
    sum.moved += added.moved
    sum.takenByOrders += added.taken
    if (added.rows < STEP_ROWS) return sum
    last = added.last
  }
}

async function addUpSetAside(connection: Reader, productId: string): Promise<number> {
  const { orderId } = reservationLines
  let sum = 0
  for (let last: string | undefined; ; ) {
    const step = connection
      .select({ orderId, units: sql`${unitsLeft}`.as('units') })
      .from(reservationLines)
      .where(
        and(eq(reservationLines.productId, productId), last === undefined ? undefined : gt(orderId, last)),
      )
      .orderBy(asc(orderId))
      .limit(STEP_ROWS)
      .as('step')
    const [added] = await connection
      .select({
        rows: sql`count(*)`.mapWith(Number),
        last: sql`max(${step.orderId})`.mapWith((bytes: Buffer) => String(orderId.mapFromDriverValue(bytes))),
        units: sql`coalesce(sum(if(${isSetAside}, ${step.units}, 0)), 0)`.mapWith(Number).as('units'),
      })
      .from(step)
      .leftJoin(reservations, eq(reservations.orderId, step.orderId))
    if (!added) return sum
    sum += added.units
    if (added.rows < STEP_ROWS) return sum
    last = added.last
  }
}
