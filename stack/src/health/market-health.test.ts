import { expect, test } from 'bun:test'
import { readFigures } from '@bazaar/shared/telemetry/figures'
import { judge, type MarketHealth } from './market-health.ts'

const ready = { figures: {} }
const healthy: MarketHealth = {
  services: { iam: ready, user: ready, inventory: ready, order: ready },
  pending: { waiting: 2, oldestAgeSeconds: 3 },
  unsent: { waiting: 1, oldestAgeSeconds: 0 },
  queues: [{ queue: 'order.stock-released', waiting: 4, dead: 0 }],
  differences: 0,
  violations: 0,
}

test('judge() says of a healthy marketplace that it sells, and nothing else', () => {
  expect(judge(healthy)).toEqual({ sells: true, attention: [] })
})

test.each<[string, Partial<MarketHealth>, boolean, string]>([
  [
    'a service that is not ready',
    { services: { ...healthy.services, inventory: { figures: {}, notReady: 'database cannot be reached' } } },
    false,
    'inventory is not ready: database cannot be reached. See ./bazaar logs inventory',
  ],
  [
    'an order that is kept from being completed',
    { pending: { waiting: 7, oldestAgeSeconds: 61 } },
    false,
    '7 orders are waiting to be completed, the oldest for 61 s. See ./bazaar logs order',
  ],
  [
    'an order service that tells no figures',
    { pending: { waiting: undefined, oldestAgeSeconds: undefined } },
    false,
    'the order service does not report how many orders are waiting',
  ],
  [
    'a broker that is away from a service',
    { services: { ...healthy.services, order: { figures: {}, degraded: 'rabbitmq cannot be reached' } } },
    true,
    'order is degraded: rabbitmq cannot be reached',
  ],
  ['a broker that does not answer', { queues: undefined }, true, 'the broker does not answer'],
  [
    'messages that are not sent',
    { unsent: { waiting: 9, oldestAgeSeconds: 75 } },
    true,
    '9 messages are waiting to be sent, the oldest for 75 s',
  ],
  [
    'dead letters',
    { queues: [{ queue: 'order.stock-released', waiting: 0, dead: 3 }] },
    true,
    '3 messages could not be handled. See ./bazaar messages list',
  ],
  [
    'differences',
    { differences: 1 },
    true,
    '1 differences between services were found. See ./bazaar reconcile',
  ],
  [
    'a violation',
    { violations: 2 },
    true,
    '2 changes would have broken an invariant. See ./bazaar logs inventory',
  ],
])('judge() names %s', (_, found, sells, sentence) => {
  expect(judge({ ...healthy, ...found })).toEqual({ sells, attention: [sentence] })
})

test('readFigures() sums a metric over its labels and skips comments', () => {
  const text = [
    '# HELP outbox_unsent Messages waiting to be sent',
    'outbox_unsent{service="order"} 3',
    'reconciliation_differences_total{service="order",difference="lost"} 1',
    'reconciliation_differences_total{service="order",difference="stock"} 2',
    'orders_pending_oldest_age_seconds{service="order"} Nan',
  ].join('\n')
  expect(readFigures(text)).toEqual({
    outbox_unsent: 3,
    reconciliation_differences_total: 3,
    orders_pending_oldest_age_seconds: Number.NaN,
  })
})
