import { describe, expect, test } from 'bun:test'
import { eventually, market, newKey, orders, place, refusal, urls } from '../journeys/world.ts'

/** Names whose series the runtime's library decides about. */
const OF_THE_RUNTIME = /^(nodejs|process)_/
/** https://prometheus.io/docs/practices/naming/#base-units */
const NO_BASE_UNIT =
  /(^|_)(ms|milli\w*|micro\w*|nano\w*|minutes?|hours?|days?|kilo\w*|mega\w*|percent\w*)(_|$)/
const SERIES_MAX = 1_500

type Exposition = {
  types: Map<string, string>
  helps: Map<string, string>
  /** Values by name and labels. */
  series: Map<string, number>
}

async function metricsOf(url: string): Promise<Exposition> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const described = (word: string) =>
    new Map(
      [...text.matchAll(new RegExp(`^# ${word} (\\S+) (.*)$`, 'gm'))].map(([, name = '', what = '']) => [
        name,
        what,
      ]),
    )
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const series = lines.map((line): [string, number] => {
    const end = line.lastIndexOf(' ')
    return [line.slice(0, end), Number(line.slice(end + 1))]
  })
  return { types: described('TYPE'), helps: described('HELP'), series: new Map(series) }
}

/** The value of a metric, over all series whose labels contain a text. */
async function sumOf(url: string, name: string, label = ''): Promise<number> {
  const { series } = await metricsOf(url)
  const found = [...series].filter(([one]) => one.startsWith(`${name}{`) && one.includes(label))
  if (found.length === 0) throw new Error(`there is no ${name}{${label}}`)
  return found.reduce((sum, [, value]) => sum + value, 0)
}

describe.each(Object.entries(urls))('the metrics of %s', (_, url) => {
  test('are named by the conventions of Prometheus, and each has a help', async () => {
    const { types, helps } = await metricsOf(url)
    expect(types.size).toBeGreaterThan(20)
    const wrong = [...types].filter(
      ([name, type]) =>
        !/^[a-z][a-z0-9_]*$/.test(name) ||
        (type === 'counter') !== name.endsWith('_total') ||
        NO_BASE_UNIT.test(name) ||
        !helps.get(name),
    )
    expect(wrong).toEqual([])
  })

  test('have a bounded number of series for all requests of strangers', async () => {
    await askStrangely(url, 2)
    const before = await metricsOf(url)
    await askStrangely(url, 20)
    const after = await metricsOf(url)
    const grown = [...after.series.keys()].filter(
      (one) => !OF_THE_RUNTIME.test(one) && !before.series.has(one),
    )
    expect(grown).toEqual([])
    expect(after.series.size).toBeLessThan(SERIES_MAX)
  })
})

async function askStrangely(url: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    const strange = crypto.randomUUID()
    const asked = [
      fetch(`${url}/${strange}`),
      fetch(`${url}/products/${strange}`),
      fetch(`${url}/orders/${strange}`, { method: 'PROPFIND' }),
      fetch(`${url}/orders?${strange}=${strange}`, { headers: { authorization: `Bearer ${strange}` } }),
    ]
    for (const answer of await Promise.all(asked)) await answer.body?.cancel()
  }
}

describe('the metrics of orders', () => {
  test.each([
    [urls.order, 'orders_placed_total', ''],
    [urls.order, 'orders_confirmed_total', ''],
    [urls.order, 'orders_refused_total', 'code="unknown-address"'],
    [urls.order, 'orders_rejected_total', 'reason="OUT_OF_STOCK"'],
    [urls.order, 'orders_cancelled_total', 'extent="part"'],
    [urls.order, 'payments_captured_total', ''],
    [urls.order, 'payments_declined_total', ''],
    [urls.order, 'refunds_paid_total', ''],
    [urls.order, 'messages_sent_total', 'type="order.cancelled.v1"'],
    [urls.order, 'messages_dead_lettered_total', 'queue="order.stock-released"'],
    [urls.inventory, 'messages_consumed_total', 'queue="inventory.order-cancelled"'],
    [urls.user, 'messages_consumed_total', 'queue="user.order-changed"'],
    [urls.user, 'letters_sent_total', 'kind="order-confirmed"'],
    [urls.inventory, 'reservations_held_total', ''],
    [urls.inventory, 'reservations_expired_total', ''],
    [urls.inventory, 'reservations_refused_total', 'code="out-of-stock"'],
    [urls.order, 'database_connections_in_use', ''],
    [urls.iam, 'password_hashes_waiting', ''],
    [urls.order, 'nodejs_eventloop_lag_seconds', ''],
  ])('%s has %s{%s} from the start', async (url, name, label) => {
    expect(await sumOf(url, name, label)).toBeGreaterThanOrEqual(0)
  })

  test('count an order and its cancellation once in each service, and one that is refused', async () => {
    const watched = {
      placed: () => sumOf(urls.order, 'orders_placed_total'),
      confirmed: () => sumOf(urls.order, 'orders_confirmed_total'),
      rejected: () => sumOf(urls.order, 'orders_rejected_total', 'reason="OUT_OF_STOCK"'),
      refused: () => sumOf(urls.order, 'orders_refused_total', 'code="duplicate-product"'),
      cancelled: () => sumOf(urls.order, 'orders_cancelled_total', 'extent="whole"'),
      sent: () => sumOf(urls.order, 'messages_sent_total', 'type="order.cancelled.v1"'),
      held: () => sumOf(urls.inventory, 'reservations_held_total'),
      short: () => sumOf(urls.inventory, 'reservations_refused_total', 'code="out-of-stock"'),
      released: () => sumOf(urls.inventory, 'reservations_released_total'),
      answered: () => sumOf(urls.inventory, 'messages_sent_total', 'type="stock.released.v1"'),
    }
    const readAll = async () =>
      Object.fromEntries(
        await Promise.all(Object.entries(watched).map(async ([name, read]) => [name, await read()] as const)),
      )
    const { buyer, cup } = await market()
    const before = await readAll()

    const { body: order } = await place(buyer, [{ productId: cup, quantity: 4 }])
    const params = { orderId: order.id }
    const cancelling = { session: buyer.session, params, idempotencyKey: newKey(), body: {} }
    await orders.cancelOrder(cancelling)
    await orders.cancelOrder(cancelling)
    const line = { productId: cup, quantity: 1 }
    expect(await refusal(place(buyer, [line, line]))).toBe('422 duplicate-product')
    expect(await refusal(place(buyer, [{ productId: cup, quantity: 11 }]))).toBe('409 out-of-stock')

    // The rejected order is announced as well, and has nothing to give back.
    const grown = {
      placed: 2,
      confirmed: 1,
      rejected: 1,
      refused: 1,
      cancelled: 1,
      held: 1,
      short: 1,
      released: 1,
    }
    const wanted = { ...grown, sent: 2, answered: 2 }
    const difference = async () => {
      const after = await readAll()
      return Object.fromEntries(
        Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]),
      )
    }
    expect(await eventually(difference, ({ answered }) => (answered ?? 0) >= wanted.answered)).toEqual(wanted)
  })
})
