import { inFunction, type PlantInFunction } from '../plants/plant.ts'

/**
 * A mistake that somebody could make in Bazaar, most of them made by somebody in a program like it, and the tests
 * that must notice it. `only` is a part of the name of the test, where the whole file would take long.
 */
export type Sabotage = {
  name: string
  plants: readonly PlantInFunction[]
  noticedBy: { file: string; only?: string }
}

const INVENTORY = 'services/inventory'
const RACES = `${INVENTORY}/test/stock/reservation-races.test.ts`

/** Changes to functions of one file. */
function changesTo(file: string) {
  return (within: string, find: string, put: string) => inFunction(file, within, find, put)
}

const stockStore = changesTo(`${INVENTORY}/src/stock/stock-store.ts`)
const release = changesTo(`${INVENTORY}/src/stock/release-reservation.ts`)
const reservation = changesTo(`${INVENTORY}/src/stock/reservation.ts`)
const givingBack = changesTo(`${INVENTORY}/src/stock/giving-back.ts`)
const database = changesTo('shared/database/database.ts')
const keys = changesTo('shared/database/idempotency-keys.ts')
const topology = changesTo('shared/messaging/topology.ts')

const NO_LOCK = stockStore('lockStock', ".for('update', options)", '')
const CLAIM = 'if (!(await claimMessage(tx, { consumer, messageId: message.id }))) return false'
const ACK = 'from.channel.ack(delivery)'

/** All of them, by number. */
export const SABOTAGES: Readonly<Record<number, Sabotage>> = {
  1: {
    name: 'stock is read without locking it',
    plants: [NO_LOCK],
    noticedBy: { file: RACES, only: 'get ten units exactly ten times' },
  },
  2: {
    name: 'stock is checked before it is locked',
    plants: [
      stockStore(
        'lockStock',
        '  const rows = await tx\n    .select()\n    .from(stock)',
        '  const read = inArray(stock.productId, [...productIds])\n  const rows = await tx\n    .select()\n    .from(stock)',
      ),
      stockStore(
        'lockStock',
        ".orderBy(asc(stock.productId))\n    .for('update', options)",
        ".orderBy(asc(stock.productId))\n  await tx.select().from(stock).where(read).for('update')",
      ),
    ],
    noticedBy: { file: RACES, only: 'get ten units exactly ten times' },
  },
  3: {
    name: 'a counter is written back as it was read',
    plants: [
      NO_LOCK,
      stockStore('saveMovements', 'eq(stock.stockCount, before?.stockCount ?? -1),', ''),
      stockStore('saveMovements', 'eq(stock.lastSequence, before?.lastSequence ?? -1),', ''),
      // The key of the ledger would notice it, too.
      stockStore(
        'saveMovements',
        'tx.insert(stockMovements).values([...movements])',
        'tx.insert(stockMovements).ignore().values([...movements])',
      ),
    ],
    noticedBy: { file: RACES, only: 'get ten units exactly ten times' },
  },
  4: {
    name: 'a lock that was not got is caught in the transaction, which is committed',
    plants: [
      database(
        'inTransaction',
        'const answer = await work(tx)\n',
        "const answer = await work(tx).catch((error) => { if (classify(error) === 'retry') return undefined as T; throw error })\n",
      ),
    ],
    noticedBy: { file: 'shared/test/database.test.ts', only: 'undoes all of it' },
  },
  5: {
    name: 'a transaction is tried again without rolling it back',
    plants: [
      database('inTransaction', 'else await rollback(database, connection)', 'else connection.release()'),
    ],
    noticedBy: { file: 'shared/test/database.test.ts', only: 'undoes all of it' },
  },
  6: {
    name: 'stock is locked in the order of the basket',
    plants: [
      inFunction(
        `${INVENTORY}/src/stock/place-reservation.ts`,
        'reserveWithin',
        'const { levels: locked, now } = await lockStock(tx, productIds, options.locking)',
        'const locked = new Map()\n  const now = new Date()\n  for (const id of productIds) for (const [key, level] of (await lockStock(tx, [id], options.locking)).levels) locked.set(key, level)',
      ),
    ],
    noticedBy: { file: RACES, only: 'never deadlock' },
  },
  7: {
    name: 'a message is sent when it comes to mind, and not kept with what it announces',
    plants: [
      inFunction(
        'shared/messaging/outbox.ts',
        'insertMessages',
        '  await tx.insert(outbox).values(messages.map((message) => ({ ...message, createdAt: now, dueAt: now })))\n',
        '',
      ),
    ],
    noticedBy: { file: 'services/order/test/cancel-order.test.ts', only: 'changes the order' },
  },
  8: {
    name: 'a message is marked sent before the broker has confirmed it',
    plants: [
      inFunction(
        'shared/messaging/relay.ts',
        'sendBatch',
        "(outcomes[index] === 'confirmed' ? sent : unsent).push(id)",
        "(outcomes[index] === 'returned' ? unsent : sent).push(id)",
      ),
    ],
    noticedBy: { file: 'shared/test/messaging/relay.test.ts', only: 'keeps what a silent broker' },
  },
  9: {
    name: 'it is ignored that the broker had no queue for a message',
    plants: [
      inFunction(
        'shared/messaging/broker.ts',
        'publishOne',
        "returned.delete(id) ? 'returned' : 'confirmed'",
        "'confirmed'",
      ),
    ],
    noticedBy: { file: 'shared/test/messaging/relay.test.ts', only: 'keeps what no queue takes' },
  },
  10: {
    name: 'a message is acknowledged before its effect is committed',
    plants: [
      inFunction('shared/messaging/consumer.ts', 'take', ACK, ''),
      inFunction(
        'shared/messaging/consumer.ts',
        'take',
        '  try {\n    const message = readDelivery',
        `  ${ACK}\n  try {\n    const message = readDelivery`,
      ),
    ],
    noticedBy: { file: 'shared/test/messaging/consumer.test.ts', only: 'never finished' },
  },
  11: {
    name: 'a message is acknowledged although its handler failed',
    plants: [
      inFunction(
        'shared/messaging/consumer.ts',
        'take',
        'const isSafe = await passOn(listener, from, delivery, error)',
        'const isSafe = error !== undefined || (await passOn(listener, from, delivery, error))',
      ),
    ],
    noticedBy: { file: 'shared/test/messaging/consumer.test.ts', only: 'tries again after growing delays' },
  },
  12: {
    name: 'nobody notes which messages were handled',
    plants: [release('releaseReservation', `    ${CLAIM}\n`, '')],
    noticedBy: {
      file: `${INVENTORY}/test/stock/cancellations.test.ts`,
      only: 'gives back once, however often',
    },
  },
  13: {
    name: 'a message is noted as handled in a transaction of its own',
    plants: [
      release(
        'releaseReservation',
        '  const isReleased = await inTransaction(deps.database, async (tx) => {',
        '  const isNew = await inTransaction(deps.database, (tx) => claimMessage(tx, { consumer, messageId: message.id }))\n  if (!isNew) return\n  const isReleased = await inTransaction(deps.database, async (tx) => {',
      ),
      release('releaseReservation', `    ${CLAIM}\n`, ''),
    ],
    noticedBy: {
      file: `${INVENTORY}/test/stock/cancellations.test.ts`,
      only: 'after all of it was rolled back',
    },
  },
  14: {
    name: 'a cancellation that comes before its reservation leaves no tombstone',
    plants: [
      release('release', 'if (await insertTombstone(tx, orderId)) return', 'if (insertTombstone) return'),
    ],
    noticedBy: { file: `${INVENTORY}/test/stock/odd-cancellations.test.ts`, only: 'leaves a tombstone' },
  },
  15: {
    name: 'stock is given back whatever became of the reservation',
    plants: [
      givingBack(
        'releaseStock',
        "if (stored.status === 'EXPIRED' || stored.lines.length === 0)",
        'if (stored.lines.length === 0)',
      ),
      givingBack('releaseStock', '      throw moreThanReserved()', '      continue'),
    ],
    noticedBy: { file: `${INVENTORY}/test/stock/odd-cancellations.test.ts` },
  },
  16: {
    name: 'a queue throws away what was delivered too often',
    plants: [
      topology('DELIVERIES_MAX', 'const DELIVERIES_MAX = 100', 'const DELIVERIES_MAX = 3'),
      topology(
        'declareQueues',
        "      'x-dead-letter-exchange': exchanges.dead,\n      'x-dead-letter-routing-key': queue,\n",
        '',
      ),
      topology(
        'declareQueues',
        "      ...LOSE_NOTHING,\n      'x-delivery-limit'",
        "      'x-queue-type': 'quorum',\n      'x-delivery-limit'",
      ),
    ],
    noticedBy: { file: 'shared/test/messaging/consumer.test.ts', only: 'never finished' },
  },
  17: {
    name: 'a channel that the broker closed is not opened again',
    plants: [
      inFunction(
        'shared/messaging/connection.ts',
        'openChannel',
        '  watch(channel, life)\n  return channel',
        "  channel.on('error', () => life)\n  return channel",
      ),
    ],
    noticedBy: {
      file: 'shared/test/messaging/broker.test.ts',
      only: 'works again after the broker closed its channel',
    },
  },
  18: {
    name: 'the key is kept after the order, not with it',
    plants: [
      inFunction(
        'services/order/src/placing/keep-order.ts',
        'keepOrders',
        'const claims = await claimKeys(\n      tx,\n      all.map(({ keyed, draft }) => ({ keyed, resourceId: draft.id })),\n    )',
        "const claims = all.map(() => ({ found: 'nothing' }) as Awaited<ReturnType<typeof claimKeys>>[number])",
      ),
    ],
    noticedBy: { file: 'services/order/test/races.test.ts', only: 'everybody hears of that one' },
  },
  19: {
    name: 'the key is looked up first and stored afterwards',
    plants: [
      keys(
        'claimKey',
        '  // Counting takes the exclusive lock. INSERT IGNORE would take a shared one, and two of its holders would deadlock.\n',
        '  const [known] = await tx.select().from(idempotencyKeys).where(isKey(keyed))\n  if (known) return claimOf(known, requestHash)\n',
      ),
      keys(
        'claimKey',
        `    .onDuplicateKeyUpdate({ set: { claims: sql\`\${idempotencyKeys.claims} + 1\` } })\n`,
        '',
      ),
    ],
    noticedBy: { file: 'services/order/test/bringing-on.test.ts', only: 'from ten connections with one key' },
  },
  20: {
    name: 'the same key may come with another request',
    plants: [
      keys('claimOf', 'if (!present.requestHash.equals(requestHash)) {', 'if (present === undefined) {'),
    ],
    noticedBy: { file: 'services/order/test/bringing-on.test.ts', only: 'remembers the refusal' },
  },
  21: {
    name: 'a commit that broke off is taken for a refusal',
    plants: [
      database(
        'inTransaction',
        'if (committing) throw new OutcomeUnknown(error)',
        'if (committing) throw error',
      ),
    ],
    noticedBy: { file: 'shared/test/database.test.ts', only: 'does not know the outcome' },
  },
  22: {
    name: 'sessions are remembered for a minute',
    plants: [
      inFunction(
        'shared/auth/sessions.ts',
        'findSession',
        "  const text = await onRedis('EVAL use session', () => redis.eval(USE, 1, key, now))\n",
        '  const kept: Map<string, unknown> = Reflect.get(globalThis, "kept") ?? new Map()\n  Reflect.set(globalThis, "kept", kept)\n  const text = kept.get(key) ?? (await onRedis(\'EVAL use session\', () => redis.eval(USE, 1, key, now)))\n  kept.set(key, text)\n',
      ),
    ],
    noticedBy: { file: 'services/user/test/ending-sessions.test.ts' },
  },
  23: {
    name: 'Redis may forget that a session was ended',
    plants: [
      inFunction(
        'shared/process/redis.ts',
        'redisCheck',
        "if (!settings.includes('aof_enabled:1')) return 'appendonly must be yes'",
        '',
      ),
    ],
    noticedBy: { file: 'shared/test/redis.test.ts' },
  },
  24: {
    name: 'who cannot be checked is let in',
    plants: [
      inFunction(
        'shared/auth/admission.ts',
        'identify',
        ": await guards.session?.(credential(request, 'session'))",
        ": await guards.session?.(credential(request, 'session')).catch(() => ({ userId: '', userType: 'BUYER', sessionId: '', createdAt: new Date(), expiresAt: new Date(), token: '' }) as Session)",
      ),
    ],
    noticedBy: { file: 'shared/test/http/http-request.test.ts' },
  },
  25: {
    name: 'what was confirmed expires as well',
    plants: [
      inFunction(
        `${INVENTORY}/src/stock/overdue-store.ts`,
        'listOverdueOrders',
        "and(eq(reservations.status, 'HELD'), lte(reservations.expiresAt, sql`now(3)`))",
        "and(or(eq(reservations.status, 'HELD'), eq(reservations.status, 'CONFIRMED')), lte(reservations.expiresAt, sql`now(3)`))",
      ),
      inFunction(
        `${INVENTORY}/src/stock/expire-reservations.ts`,
        'expireOne',
        "if (seen?.status !== 'HELD') return",
        'if (!seen) return',
      ),
      reservation(
        'MOVES',
        "CONFIRMED: ['confirm', 'release'],",
        "CONFIRMED: ['confirm', 'release', 'expire'],",
      ),
      reservation(
        'isOverdue',
        "return status === 'HELD' && expiresAt !== null",
        "return status !== 'EXPIRED' && expiresAt !== null",
      ),
    ],
    noticedBy: { file: `${INVENTORY}/test/stock/held-stock.test.ts`, only: 'keeps the stock for good' },
  },
}
