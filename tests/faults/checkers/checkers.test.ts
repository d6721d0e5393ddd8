import { expect, test } from 'bun:test'
import type { Entry } from '../history/history.ts'
import type { Rows } from '../history/rows.ts'
import { CHECKERS, judge } from '../judge.ts'
import type { Evidence } from './evidence.ts'
import { goodRun, IDS } from './good-run.ts'

test('judge() finds a run valid in which everything is as it must be', () => {
  const { valid, verdicts } = judge(goodRun())
  const wrong = Object.entries(verdicts).filter(([, verdict]) => verdict.valid !== true)
  expect(wrong).toEqual([])
  expect(valid).toBe(true)
})

type Run = Evidence & { history: Entry[] }
type Plant = [checker: keyof typeof CHECKERS, invariant: string, mistake: string, plant: (run: Run) => void]

/** One mistake after the other, with who must find it as a breach of what. */
const PLANTS: readonly Plant[] = [
  [
    'bank',
    'I1',
    'a unit is sold that was not taken',
    ({ rows }) => {
      lineOf(rows, IDS.sent).quantity += 1
    },
  ],
  ['bank', 'I1', 'a unit vanishes', ({ rows }) => moveStock(rows, -1, 'RESERVED')],
  ['bank', 'I2', 'stock is negative', ({ rows }) => moveStock(rows, -100, 'LOSS')],
  [
    'bank',
    'I3',
    'the stock moves without the ledger',
    ({ rows }) => {
      stockOf(rows).stockCount -= 1
    },
  ],
  ['bank', 'I3', 'a line of the ledger is gone', ({ rows }) => void rows.movements.splice(3, 1)],
  ['bank', 'I1', 'a snapshot was wrong', (run) => put(run, 'watch', 'bank', 'fail', [{ invariant: 'I1' }])],
  [
    'join',
    'I4',
    'a sold unit is given back',
    ({ rows }) => {
      lineOf(rows, IDS.sent).releasedQuantity += 1
    },
  ],
  ['join', 'I4', 'a cancelled order keeps its stock', ({ rows }) => hold(rows, IDS.cancelled)],
  ['join', 'I4', 'a confirmed order has no reservation', ({ rows }) => void rows.reservations.splice(2, 1)],
  ['join', 'I4', 'a confirmed order is only held', ({ rows }) => setReservation(rows, IDS.late, 'HELD')],
  ['join', 'I4', 'stock is held for no order', ({ rows }) => void rows.orders.splice(3, 1)],
  ['join', 'I11', 'one of two lines is reserved', ({ rows }) => void rows.reservationLines.splice(2, 1)],
  ['join', 'I22', 'a confirmed order expires', ({ rows }) => setReservation(rows, IDS.late, 'EXPIRED')],
  ['orders', 'I5', 'an acknowledged order is lost', ({ rows }) => void rows.orders.splice(3, 1)],
  [
    'orders',
    'I5',
    'an order is another than acknowledged',
    ({ rows }) => {
      orderOf(rows, IDS.late).id = 'x'
    },
  ],
  [
    'orders',
    'I5',
    'a total is another',
    ({ rows }) => {
      orderOf(rows, IDS.late).totalMinor += 1
    },
  ],
  [
    'orders',
    'I5',
    'a line is another',
    ({ rows }) => {
      rows.orderLines[0] = { ...rowsLine(rows), quantity: 1 }
    },
  ],
  ['orders', 'I5', 'a list leaves an order out', (run) => answer(run, 'all-1', { orderIds: [IDS.sent] })],
  ['orders', 'I5', 'an order that was answered with 202 is lost', (run) => lose202(run)],
  ['orders', 'I6', 'an order comes from nowhere', ({ rows }) => addOrder(rows, { buyerId: 'nobody' })],
  ['orders', 'I6', 'one key makes two orders', ({ rows }) => addOrder(rows, {})],
  ['orders', 'I12', 'what an order says changes', (run) => answer(run, 'read-1', { content: 'other' })],
  [
    'orders',
    'I16',
    'a list shows what is another’s',
    (run) => answer(run, 'list-2', {}, { orderIds: [IDS.late] }),
  ],
  ['orders', 'I17', 'an order cannot be read', (run) => fail(run, 'read-1', { status: 404 })],
  ['orders', 'I24', 'a refused order is there', ({ rows }) => setStatus(rows, IDS.refused, 'CONFIRMED')],
  ['releases', 'I7', 'a cancellation gives nothing back', ({ rows }) => void rows.movements.splice(8, 1)],
  ['releases', 'I7', 'a cancellation gives back twice', ({ rows }) => releaseAgain(rows, 'c-1')],
  ['releases', 'I7', 'stock comes back for nothing', ({ rows }) => releaseAgain(rows, 'c-9')],
  ['releases', 'I7', 'a message never arrived', ({ rows }) => void rows.reservations.splice(0, 1)],
  ['releases', 'I7', 'one request cancels twice', ({ rows }) => cancelTwice(rows)],
  ['releases', 'I8', 'a cancelled order lives', ({ rows }) => setStatus(rows, IDS.cancelled, 'CONFIRMED')],
  ['releases', 'I8', 'a part cancellation is lost', ({ rows }) => void rows.cancellations.splice(1, 1)],
  [
    'releases',
    'I18',
    'the order is never told',
    ({ rows }) => {
      cancellationOf(rows).stockRestoredAt = null
    },
  ],
  ['releases', 'I20', 'cancelled and expired', ({ rows }) => expireToo(rows)],
  [
    'releases',
    'I21',
    'what was cancelled first is reserved',
    ({ rows }) => void rows.reservationLines.splice(0, 1),
  ],
  [
    'releases',
    'I24',
    'a refused cancellation happened',
    ({ rows }) => {
      cancellationOf(rows).reason = 'cancel-3'
    },
  ],
  [
    'states',
    'I8',
    'what was sent is not sent',
    ({ rows }) => {
      partOf(rows).status = 'AWAITING_SHIPMENT'
    },
  ],
  ['states', 'I9', 'cancelled and sent', ({ rows }) => happen(rows, IDS.cancelled, 'SHIPPED')],
  ['states', 'I9', 'sent and cancelled', ({ rows }) => happen(rows, IDS.sent, 'CANCELLED')],
  ['states', 'I9', 'confirmed twice', ({ rows }) => happen(rows, IDS.late, 'CONFIRMED')],
  [
    'states',
    'I9',
    'the state is not that of the timeline',
    ({ rows }) => setStatus(rows, IDS.late, 'SHIPPED'),
  ],
  [
    'states',
    'I17',
    'a cancelled order is read as alive',
    (run) => answer(run, 'read-2', { orderStatus: 'CONFIRMED' }),
  ],
  [
    'stock',
    'I10',
    'more is sold than there was',
    ({ rows }) => {
      rows.orderLines[4] = {
        ...rowsLine(rows),
        orderId: IDS.late,
        quantity: 99,
        cancelledQuantity: 0,
      }
    },
  ],
  [
    'stock',
    'I10',
    'stock is missing',
    ({ rows }) => {
      stockOf(rows).stockCount -= 1
    },
  ],
  ['stock', 'I24', 'an acknowledged restock is lost', ({ rows }) => void rows.movements.splice(2, 1)],
  ['stock', 'I24', 'a restock happens twice', ({ rows }) => moveStock(rows, 5, 'RESTOCK')],
  [
    'keys',
    'I13',
    'a repetition answers otherwise',
    (run) => answer(run, 'key-sent', { fingerprint: 'other' }),
  ],
  ['keys', 'I13', 'a repetition is done anew', (run) => answer(run, 'key-sent', { replayed: false })],
  ['sessions', 'I14', 'an ended session is let in', (run) => letIn(run, 'use-1', 700)],
  [
    'sessions',
    'I14',
    'an ended session is known: 403',
    (run) => fail(soonAfter(run, 'use-1', 700), 'use-1', { status: 403 }),
  ],
  ['sessions', 'I15', 'an ended session comes back', (run) => letIn(run, 'use-1', 60_000)],
  ['sessions', 'I16', 'another’s order is shown', (run) => answer(run, 'read-1', { recipient: IDS.bob })],
  ['sessions', 'I16', 'another’s profile is shown', (run) => answer(run, 'log-in-1', { userId: IDS.bob })],
  ['sessions', 'I23', 'a forged session is let in', (run) => answer(run, 'use-2', { status: 200 })],
  ['sessions', 'I23', 'a wrong password is let in', (run) => answer(run, 'wrong-1', { status: 201 })],
  [
    'drain',
    'I18',
    'a message is unsent',
    ({ rows }) => {
      rows.orderOutbox[0] = { id: 'm-1', type: '', sentAt: null, attempts: 9 }
    },
  ],
  ['drain', 'I18', 'a sent message has no effect', ({ rows }) => void rows.inventoryInbox.pop()],
  ['drain', 'I18', 'nobody is told of a change', ({ rows }) => void rows.userInbox.pop()],
  [
    'drain',
    'I19',
    'a good message is among the dead',
    ({ rows }) => void rows.deadLetters.push({ queue: 'q', messageId: 'm-1', reason: 'x' }),
  ],
  [
    'drain',
    'I19',
    'a dead letter has no reason',
    ({ rows }) => {
      rows.deadLetters[0] = { queue: 'q', messageId: 'm-poison', reason: null }
    },
  ],
  ['drain', 'I22', 'stock stays held', ({ rows }) => setReservation(rows, IDS.late, 'HELD')],
  [
    'drain',
    'I25',
    'it does not come to rest',
    (run) => {
      entryOf(run, 'drain').type = 'fail'
    },
  ],
  ['liveness', 'I25', 'requests fail in the calm', (run) => breakCalm(run)],
  ['liveness', 'I25', 'answers come too late in the calm', (run) => slowCalm(run)],
  [
    'liveness',
    'I25',
    'requests fail in the calm, though the machine was slow for a moment as well',
    (run) => breakCalm(slowMachine(run, { atMs: calmOf(run)[0]?.tMs ?? 0, afterMs: -1_001 })),
  ],
  ['liveness', 'I25', 'requests fail before anything was broken', (run) => breakBaseline(run, 5)],
  [
    'liveness',
    'I25',
    'more fail in the calm than twice as many as before anything was broken',
    (run) => {
      breakBaseline(run, 1)
      breakCalm(run)
    },
  ],
  [
    'processes',
    'I26',
    'a process ends by itself',
    (run) => {
      entryOf(run, 'order-1').value = { expected: false }
    },
  ],
  ['processes', 'I26', 'a log shows trouble', (run) => logged(run, 'unhandled rejection')],
  ['processes', 'I27', 'a log shows a secret', (run) => logged(run, 'secret: a password')],
  ['answers', 'I24', 'a 500', (run) => answer(run, 'read-1', { flaw: 'answered 500' })],
  ['answers', 'I24', 'a sign-up is refused', (run) => fail(run, 'sign-up-1', { status: 409 })],
  [
    'money',
    'I12',
    'a total does not add up',
    ({ rows }) => {
      orderOf(rows, IDS.late).totalMinor += 1
    },
  ],
  ['money', 'I12', 'a refund is forgotten', ({ rows }) => void rows.bookRefunds.pop()],
  [
    'money',
    'I12',
    'a refund is given twice',
    ({ rows }) => void rows.bookRefunds.push({ id: 'r-3', paymentId: `p-${IDS.sent}`, amountMinor: 500 }),
  ],
  [
    'money',
    'I12',
    'nothing was ever captured',
    ({ rows }) => {
      paymentOf(rows, IDS.late).status = 'AUTHORISED'
    },
  ],
  ['money', 'I12', 'cash stays due', ({ rows }) => setStatus(rows, IDS.cash, 'DELIVERED')],
  [
    'money',
    'I12',
    'a cancelled order is paid',
    ({ rows }) => {
      paymentOf(rows, IDS.cancelled).status = 'CAPTURED'
    },
  ],
  [
    'money',
    'I12',
    'more is asked for at the door than is left',
    ({ rows }) => {
      paymentOf(rows, IDS.cash).amountMinor += 500
    },
  ],
  [
    'money',
    'I12',
    'what was never taken is given back',
    ({ rows }) => {
      refundOf(rows, IDS.cancelled).status = 'REFUNDED'
    },
  ],
  [
    'money',
    'I12',
    'the history does not tell of a capture',
    ({ rows }) => {
      rows.events = rows.events.filter(({ type }) => type !== 'PAYMENT_CAPTURED')
    },
  ],
  [
    'money',
    'I12',
    'the books say otherwise',
    ({ rows }) => {
      rows.books[2] = { paymentId: `p-${IDS.late}`, state: 'VOIDED', amountMinor: 500 }
    },
  ],
]

for (const [checker, invariant, mistake, plant] of PLANTS) {
  test(`the checker of ${checker} finds that ${mistake} (${invariant})`, () => {
    const run = goodRun()
    plant(run)
    const verdict = CHECKERS[checker](run)
    expect(verdict.valid).toBe(false)
    expect(verdict.violations.map((violation) => violation.invariant)).toContain(invariant)
  })
}

/** Of two cups that were held, one was cancelled and the other expired: in this order, or the other way round. */
function partlyExpired(reasons: readonly ['RELEASED', 'EXPIRED'] | readonly ['EXPIRED', 'RELEASED']): Run {
  const run = goodRun()
  const { rows } = run
  moveStock(rows, -2, 'RESERVED')
  found(rows.movements.at(-1)).sourceId = IDS.refused
  for (const reason of reasons) {
    moveStock(rows, 1, reason)
    found(rows.movements.at(-1)).sourceId = reason === 'EXPIRED' ? IDS.refused : 'c-planted'
  }
  rows.reservations.push({ orderId: IDS.refused, status: 'EXPIRED', expiresAt: 9_000 })
  rows.reservationLines.push({ orderId: IDS.refused, productId: IDS.cup, quantity: 2, releasedQuantity: 2 })
  const lines = [{ productId: IDS.cup, quantity: 1 }]
  rows.cancellations.push({
    ...cancellationOf(rows),
    id: 'c-planted',
    orderId: IDS.refused,
    reason: 'r',
    lines,
  })
  return run
}

test('the checker of releases lets the rest expire of what was cancelled in part before', () => {
  expect(CHECKERS.releases(partlyExpired(['RELEASED', 'EXPIRED'])).violations).toEqual([])
})

test('the checker of releases finds what was given back after it had expired', () => {
  expect(CHECKERS.releases(partlyExpired(['EXPIRED', 'RELEASED']))).toMatchObject({
    violations: [{ invariant: 'I7' }],
  })
})

test('the checker of liveness does not count as before the first fault what was still under way then', () => {
  const run = goodRun()
  breakBaseline(run, 5)
  const { tMs } = found(run.history.findLast(({ f }) => f === 'baseline'))
  for (const entry of run.history)
    if (entry.f === 'read-product' && entry.type === 'info' && entry.tMs < tMs) entry.tMs = tMs + 1
  expect(CHECKERS.liveness(run).violations).toEqual([])
})

test('the checker of liveness says too slow when the machine was, for every failure then', () => {
  const run = breakCalm(slowMachine(goodRun()))
  expect(CHECKERS.liveness(run)).toMatchObject({ valid: 'too slow', counts: { fit: 0, worstFlushMs: 900 } })
})

test('the checker of liveness is content with a slow machine on which all was answered', () => {
  expect(CHECKERS.liveness(slowMachine(goodRun())).valid).toBe(true)
})

test('the checker of liveness forgives no more than twice what failed before anything was broken', () => {
  const run = goodRun()
  breakBaseline(run, 1)
  breakCalm(run, 3)
  expect(CHECKERS.liveness(run).valid).toBe(true)
})

test('the checker of liveness waits longer for a slow machine, and no longer for another', () => {
  const slow = { stretch: 3, flushMs: 3, lateMs: 8 }
  const [run, other] = [goodRun(), goodRun()]
  breakCalm(slowMachine(run, { speed: slow }))
  breakCalm(other)
  for (const { history } of [run, other]) {
    // Well after five seconds, and well before three times five.
    const { tMs } = found(history.find(({ key }) => key === 'calm-20'))
    for (const entry of history) if (entry.tMs >= tMs) entry.tMs += 10_000
  }
  expect([CHECKERS.liveness(run).valid, CHECKERS.liveness(other).valid]).toEqual([true, false])
})

test('a slow machine excuses nothing but what must happen in time', () => {
  const run = breakCalm(slowMachine(goodRun()))
  expect(judge(run).valid).toBe('too slow')
  moveStock(run.rows, -1, 'RESERVED')
  expect(judge(run).valid).toBe(false)
})

test('the checker of stats says too slow of a machine that was so for most of the run', () => {
  const run = goodRun()
  fail(run, 'deliver-1', {})
  expect(CHECKERS.stats(slowMachine(run)).valid).toBe('too slow')
})

test('every checker that wants evidence says unknown of a run that has none', () => {
  const { rows } = goodRun()
  const empty = Object.fromEntries(Object.keys(rows).map((name) => [name, []]))
  const { verdicts, valid } = judge({ history: [], rows: { ...rows, ...empty }, logFindings: [] })
  expect(Object.entries(verdicts).filter(([, verdict]) => verdict.valid !== 'unknown')).toEqual([])
  expect(valid).toBe('unknown')
})

test('the checker of stats says unknown when one kind of operation never succeeded', () => {
  const run = goodRun()
  fail(run, 'deliver-1', {})
  expect(CHECKERS.stats(run).valid).toBe('unknown')
})

function lineOf({ reservationLines }: Rows, orderId: string) {
  return found(reservationLines.find((line) => line.orderId === orderId))
}
function orderOf({ orders }: Rows, id: string) {
  return found(orders.find((order) => order.id === id))
}
function paymentOf({ payments }: Rows, orderId: string) {
  return found(payments.find((payment) => payment.orderId === orderId))
}
function refundOf({ refunds }: Rows, orderId: string) {
  return found(refunds.find((refund) => refund.orderId === orderId))
}
function stockOf({ stock }: Rows) {
  return found(stock[0])
}
function partOf({ parts }: Rows) {
  return found(parts.find((part) => part.orderId === IDS.sent))
}
function cancellationOf({ cancellations }: Rows) {
  return found(cancellations[1])
}
function rowsLine({ orderLines }: Rows) {
  return found(orderLines[0])
}
function entryOf({ history }: Run, key: string) {
  return found(history.findLast((entry) => entry.key === key))
}

function found<T>(item: T | undefined): T {
  if (item === undefined) throw new Error('the good run has no such thing')
  return item
}

function moveStock(rows: Rows, delta: number, reason: Rows['movements'][number]['reason']): void {
  const stock = stockOf(rows)
  stock.stockCount += delta
  stock.lastSequence += 1
  const { productId, stockCount: stockAfter, lastSequence: sequence } = stock
  rows.movements.push({ productId, sequence, delta, reason, sourceId: 'planted', stockAfter, at: 7_000 })
}

function releaseAgain(rows: Rows, cancellationId: string): void {
  moveStock(rows, 2, 'RELEASED')
  found(rows.movements.at(-1)).sourceId = cancellationId
}

function expireToo(rows: Rows): void {
  moveStock(rows, 2, 'EXPIRED')
  found(rows.movements.at(-1)).sourceId = IDS.cancelled
}

function cancelTwice(rows: Rows): void {
  rows.cancellations.push({ ...cancellationOf(rows), id: 'c-9' })
}

function hold(rows: Rows, orderId: string): void {
  setReservation(rows, orderId, 'CONFIRMED')
  lineOf(rows, orderId).releasedQuantity = 0
}

function setReservation(rows: Rows, orderId: string, status: Rows['reservations'][number]['status']): void {
  found(rows.reservations.find((one) => one.orderId === orderId)).status = status
}

function setStatus(rows: Rows, orderId: string, status: string): void {
  orderOf(rows, orderId).status = status
}

function addOrder(rows: Rows, other: Partial<Rows['orders'][number]>): void {
  rows.orders.push({ ...orderOf(rows, IDS.late), id: 'order-planted', ...other })
}

function happen(rows: Rows, orderId: string, type: string): void {
  rows.events.push({ orderId, id: `${orderId}-9`, type, actorId: null })
}

function put({ history }: Run, process: string, f: string, type: Entry['type'], value: unknown): void {
  history.push({ process, f, key: `${f}-planted`, type, value, tMs: 2_000_000 })
}

/** Changes the last answer under a key, or makes one up. */
function answer(run: Run, key: string, change: Record<string, unknown>, made?: Record<string, unknown>): Run {
  if (made) {
    const entry = { process: 'client-1', f: 'list-all-orders', key, attempt: 1, tMs: 2_000_000 }
    run.history.push(
      { ...entry, type: 'invoke', value: { as: IDS.ada } },
      { ...entry, type: 'ok', value: made },
    )
  } else {
    const entry = entryOf(run, key)
    Object.assign(entry, { type: 'ok', value: { ...Object(entry.value), ...change } })
  }
  return run
}

function fail(run: Run, key: string, change: Record<string, unknown>): void {
  const entry = entryOf(run, key)
  Object.assign(entry, { type: 'fail', value: { status: 409, ...change } })
}

/** The ended session is tried so long after it was ended. */
function soonAfter(run: Run, key: string, afterMs: number): Run {
  const endedMs = entryOf(run, 'log-out-1').tMs
  for (const entry of run.history.filter((one) => one.key === key)) entry.tMs = endedMs + afterMs
  return run
}

function letIn(run: Run, key: string, afterMs: number): void {
  answer(soonAfter(run, key, afterMs), key, { status: 200 })
}

function lose202(run: Run): void {
  const entry = { process: 'client-1', f: 'place', key: 'key-202', attempt: 1, tMs: 1_000_500 }
  run.history.push(
    { ...entry, type: 'invoke', value: { as: IDS.ada, lines: [] } },
    { ...entry, type: 'ok', value: { status: 202, orderId: 'order-202', totalMinor: 1 } },
  )
}

function calmOf({ history }: Run): Entry[] {
  return history.filter(({ key }) => key.startsWith('calm-'))
}

/** The first so many in the calm are refused because something cannot be reached. */
function breakCalm(run: Run, count = 5): Run {
  return refused(run, 'calm-', count)
}

function breakBaseline(run: Run, count: number): void {
  refused(run, 'baseline-', count)
}

function refused(run: Run, keys: string, count: number): Run {
  for (let index = 0; index < count; index++)
    Object.assign(answerOf(run, `${keys}${index}`), { type: 'info', value: { status: 503 } })
  return run
}

function answerOf({ history }: Run, key: string): Entry {
  return found(history.find((entry) => entry.key === key && entry.type !== 'invoke'))
}

/** What a look at the machine found, so long after a moment; everywhere in the run when none is given. */
function slowMachine(
  run: Run,
  { speed = { stretch: 1.2, flushMs: 900, lateMs: 8 }, atMs, afterMs = 0 }: Slowness = {},
): Run {
  const entry = { process: 'machine', f: 'speed', key: 'speed', type: 'ok', value: speed } as const
  if (atMs !== undefined) run.history.push({ ...entry, tMs: atMs + afterMs })
  else for (const one of run.history) if (one.process === 'machine') one.value = speed
  return run
}

type Slowness = { speed?: Record<string, number>; atMs?: number; afterMs?: number }

function slowCalm(run: Run): void {
  for (const entry of calmOf(run).slice(0, 10))
    if (entry.type === 'ok') Object.assign(entry, { type: 'info', value: { status: 'too late' } })
}

function logged(run: Run, what: string): void {
  Object.assign(run, { logFindings: [{ file: 'order.log', what, line: 1 }] })
}
