import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { newId } from '../../database/columns.ts'
import {
  closeDatabase,
  connectDatabase,
  type Database,
  inTransaction,
  read,
  repeatably,
} from '../../database/database.ts'
import { claimMessage, deleteReceivedBefore, inbox } from '../../messaging/inbox.ts'
import {
  composeMessage,
  deleteSentBefore,
  enqueue,
  insertMessages,
  outbox,
  outboxBacklog,
  resendSince,
} from '../../messaging/outbox.ts'
import { watchOutbox } from '../../messaging/watch-outbox.ts'
import { createMetrics } from '../../telemetry/metrics.ts'
import { withTrace } from '../../telemetry/trace.ts'
import { freePort } from '../../testing/service.ts'
import { cancellation, createMessagingDatabase, eventually, log } from './messaging.ts'

let database: Database
let drop: () => Promise<void>

beforeAll(async () => {
  const created = await createMessagingDatabase()
  database = created.database
  drop = created.drop
})

afterAll(() => drop())

function announce(data = cancellation()) {
  return inTransaction(database, (tx) =>
    enqueue(tx, { service: 'order', type: 'order.cancelled.v1', subject: data.orderId, data }),
  )
}

async function rowOf(id: string) {
  return (await read(database, (db) => db.select().from(outbox).where(eq(outbox.id, id))))[0]
}

describe('enqueue()', () => {
  test('writes the whole event, with the trace of the request', async () => {
    const data = cancellation()
    const trace = { requestId: newId(), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }

    const id = await withTrace(trace, () => announce(data))

    expect((await rowOf(id))?.payload).toEqual({
      specversion: '1.0',
      id,
      source: '/bazaar/order',
      type: 'order.cancelled.v1',
      subject: data.orderId,
      time: expect.any(String),
      datacontenttype: 'application/json',
      traceparent: trace.traceparent,
      data,
    })
  })

  test('writes nothing when the transaction is rolled back', async () => {
    let id = ''
    const work = inTransaction(database, async (tx) => {
      const data = cancellation()
      id = await enqueue(tx, { service: 'order', type: 'order.cancelled.v1', subject: data.orderId, data })
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    expect(await rowOf(id)).toBeUndefined()
  })

  test('refuses a message that breaks its schema, naming where and not what', async () => {
    const data = { ...cancellation(), lines: [{ productId: newId(), quantity: -4711 }] }
    const work = announce(data)
    await expect(work).rejects.toMatchObject({
      name: 'InvalidMessage',
      reason: expect.stringContaining('quantity'),
    })
    await expect(work).rejects.not.toThrow('4711')
  })
})

describe('composeMessage()', () => {
  const compose = () => {
    const data = cancellation()
    return composeMessage({ service: 'order', type: 'order.cancelled.v1', subject: data.orderId, data })
  }

  test('makes messages that are written together later, each with the trace of its own request', async () => {
    const traces = ['a', 'b'].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`)
    const composed = await Promise.all(
      traces.map((traceparent) => withTrace({ requestId: newId(), traceparent }, compose)),
    )
    expect(await rowOf(composed[0]?.id ?? '')).toBeUndefined()
    await inTransaction(database, (tx) => insertMessages(tx, composed))
    for (const [index, { id, payload }] of composed.entries()) {
      expect((await rowOf(id))?.payload).toEqual(payload)
      expect(payload.traceparent).toBe(traces[index])
    }
  })
})

describe('outboxBacklog()', () => {
  test('counts what waits and tells the age of the oldest', async () => {
    await repeatably(database, (db) => db.delete(outbox))
    expect(await outboxBacklog(database)).toEqual({ unsent: 0, oldestAgeSeconds: 0 })
    const ids = [await announce(), await announce(), await announce()]
    await repeatably(database, (db) =>
      db
        .update(outbox)
        .set({ createdAt: sql`now(3) - interval 90 second` })
        .where(eq(outbox.id, ids[1] ?? '')),
    )
    await repeatably(database, (db) =>
      db
        .update(outbox)
        .set({ sentAt: sql`now(3)` })
        .where(eq(outbox.id, ids[0] ?? '')),
    )

    const { unsent, oldestAgeSeconds } = await outboxBacklog(database)

    expect(unsent).toBe(2)
    expect(oldestAgeSeconds).toBeWithin(89, 95)
  })
})

describe('watchOutbox()', () => {
  /** What `/metrics` says of the outbox after a look at it. */
  async function shown(of: Database, wanted: RegExp): Promise<string> {
    const metrics = createMetrics('order')
    const watch = watchOutbox({ database: of, metrics, log, everyMs: 50 })
    try {
      return await eventually(`/metrics says ${wanted}`, async () => {
        const text = await metrics.registry.metrics()
        return wanted.test(text) && text
      })
    } finally {
      await watch.stop()
    }
  }

  test('shows how much waits, and for how long the oldest of it', async () => {
    await repeatably(database, (db) => db.delete(outbox))
    await announce()
    const old = await announce()
    await repeatably(database, (db) =>
      db.update(outbox).set({ createdAt: sql`now(3) - interval 90 second` }).where(eq(outbox.id, old)),
    )
    const text = await shown(database, /^outbox_unsent\{service="order"\} 2$/m)
    const age = /^outbox_oldest_age_seconds\{service="order"\} ([0-9.]+)$/m.exec(text)?.[1]
    expect(Number(age)).toBeWithin(89, 160)
  })

  test('shows no number while the database cannot say', async () => {
    const away = connectDatabase({ url: `mysql://root@127.0.0.1:${await freePort()}/none`, poolMax: 1, log })
    const text = await shown(away, /^outbox_unsent\{service="order"\} nan$/im)
    expect(text).toMatch(/^outbox_oldest_age_seconds\{service="order"\} nan$/im)
    await closeDatabase(away)
  })
})

describe('deleteSentBefore()', () => {
  test('deletes only what was sent before, however old the unsent is', async () => {
    await repeatably(database, (db) => db.delete(outbox))
    const [old, recent, unsent] = [await announce(), await announce(), await announce()]
    const set = (id: string, values: object) =>
      repeatably(database, (db) => db.update(outbox).set(values).where(eq(outbox.id, id)))
    await set(old, { sentAt: sql`now(3) - interval 2 day` })
    await set(recent, { sentAt: sql`now(3) - interval 1 hour` })
    await set(unsent, { createdAt: sql`now(3) - interval 9 day` })

    expect(await deleteSentBefore(database, new Date(Date.now() - 86_400_000), 10)).toBe(1)

    expect([await rowOf(old), await rowOf(recent), await rowOf(unsent)].map((row) => row?.id)).toEqual([
      undefined,
      recent,
      unsent,
    ])
  })
})

describe('claimMessage()', () => {
  const consumer = 'inventory.order-cancelled'

  test('claims a message once for each consumer', async () => {
    const messageId = newId()
    const claim = (consumer: string) =>
      inTransaction(database, (tx) => claimMessage(tx, { consumer, messageId }))
    expect(await claim(consumer)).toBe(true)
    expect(await claim(consumer)).toBe(false)
    expect(await claim('inventory.something-else')).toBe(true)
  })

  test('lets exactly one of many at once have the effect', async () => {
    const messageId = newId()
    const claims = await Promise.all(
      Array.from({ length: 8 }, () =>
        inTransaction(database, async (tx) => {
          const claimed = await claimMessage(tx, { consumer, messageId })
          await tx.execute(sql`select sleep(0.02)`)
          return claimed
        }),
      ),
    )
    expect(claims.filter(Boolean).length).toBe(1)
  })

  test('gives the message to the next when the effect was rolled back', async () => {
    const messageId = newId()
    const failing = inTransaction(database, async (tx) => {
      await claimMessage(tx, { consumer, messageId })
      throw new Error('the effect failed')
    })
    await expect(failing).rejects.toThrow('the effect failed')
    expect(await inTransaction(database, (tx) => claimMessage(tx, { consumer, messageId }))).toBe(true)
  })

  test('does not make two strangers wait for each other', async () => {
    const [holding, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const one = inTransaction(database, async (tx) => {
      await claimMessage(tx, { consumer, messageId: newId() })
      holding.resolve()
      await letGo.promise
    })
    await holding.promise
    // Would wait for the other, which does not end before it.
    await inTransaction(database, (tx) => claimMessage(tx, { consumer, messageId: newId() }))
    letGo.resolve()
    await one
  })
})

describe('deleteReceivedBefore()', () => {
  test('forgets only what is older', async () => {
    const [old, recent] = [newId(), newId()]
    for (const messageId of [old, recent])
      await inTransaction(database, (tx) => claimMessage(tx, { consumer: 'forgetful', messageId }))
    await repeatably(database, (db) =>
      db.update(inbox).set({ receivedAt: sql`now(3) - interval 40 day` }).where(eq(inbox.messageId, old)),
    )

    expect(await deleteReceivedBefore(database, new Date(Date.now() - 30 * 86_400_000), 10)).toBe(1)

    const left = await eventually('rows', () =>
      read(database, (db) => db.select().from(inbox).where(eq(inbox.consumer, 'forgetful'))),
    )
    expect(left.map((row) => row.messageId)).toEqual([recent])
  })
})

describe('resendSince()', () => {
  test('has sent again what was sent in that time, and nothing else', async () => {
    const [old, recent, unsent] = [await announce(), await announce(), await announce()]
    for (const [id, days] of [
      [old, 9],
      [recent, 2],
    ] as const) {
      await repeatably(database, (db) =>
        db
          .update(outbox)
          .set({ sentAt: sql`now(3) - interval ${days} day` })
          .where(eq(outbox.id, id)),
      )
    }
    await resendSince(database, 0.04)
    expect((await rowOf(recent))?.sentAt).toBeInstanceOf(Date)
    expect(await resendSince(database, 7)).toBeGreaterThan(0)
    expect((await rowOf(old))?.sentAt).toBeInstanceOf(Date)
    expect((await rowOf(recent))?.sentAt).toBeNull()
    expect((await rowOf(unsent))?.sentAt).toBeNull()
    await expect(resendSince(database, 31)).rejects.toThrow('Cannot send messages again')
  })
})
