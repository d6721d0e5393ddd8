import { expect, test } from 'bun:test'
import { market, place, refusal } from '../journeys/world.ts'
import { sentSpans } from './spans.ts'

/** Everything that a span may say. What takes what a caller sent is none of them. */
const SAID = [
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'url.scheme',
  'url.template',
  'server.address',
  'server.port',
  'db.system.name',
  'db.query.summary',
  'messaging.system',
  'messaging.operation.name',
  'messaging.operation.type',
  'messaging.destination.name',
  'messaging.rabbitmq.destination.routing_key',
  'messaging.message.id',
  'bazaar.message.attempt',
  'bazaar.payment.provider',
  'bazaar.payment.operation',
  'error.type',
]
/** Routes, statements, scripts of Redis, messages and work: the words of our own code. */
const NAME =
  /^((GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|_OTHER)( \/[A-Za-z/:-]*)?|[A-Z]+( [a-z_ ]+)?|(create|send|process) [a-z0-9.-]+|[a-z]+( [a-z]+)+)$/

test('spans say only what our own code has words for', async () => {
  const { buyer, cup } = await market()
  await place(buyer, [{ productId: cup, quantity: 1 }])
  await refusal(place(buyer, [{ productId: cup, quantity: 1_000 }]))
  const spans = await sentSpans()
  expect(spans.length).toBeGreaterThan(50)
  const said = new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)))
  expect([...said].filter((name) => !SAID.includes(name))).toEqual([])
  const names = new Set(spans.map(({ name }) => name))
  expect([...names].filter((name) => !NAME.test(name))).toEqual([])
})
