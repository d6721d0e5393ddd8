import { expect, test } from 'bun:test'
import { Elysia, t } from 'elysia'
import { defineApi } from '../../api/operation.ts'
import { id, nothing } from '../../api/schema.ts'
import { everyOperation } from '../../http/routes/every-operation.ts'
import { hooksOf } from '../../http/routes/hooks.ts'
import { operations } from '../../http/routes/operations.ts'

const stone = t.Object({ weight: t.Number() })
const stonesApi = defineApi({
  service: 'stones',
  title: 'Stones',
  description: 'An API for tests.',
  operations: {
    readStone: {
      method: 'GET',
      path: '/stones/:stoneId',
      detail: { tags: ['Stones'], summary: 'Read' },
      access: 'anyone',
      params: t.Object({ stoneId: id('The stone') }),
      response: { 200: stone },
    },
    addStone: {
      method: 'POST',
      path: '/stones',
      detail: { tags: ['Stones'], summary: 'Add' },
      access: { session: 'SELLER', others: 'have-their-own' },
      body: stone,
      idempotencyKey: true,
      response: { 201: stone },
    },
    throwStone: {
      method: 'DELETE',
      path: '/stones/:stoneId',
      detail: { tags: ['Stones'], summary: 'Throw' },
      access: { key: 'stones:throw' },
      params: t.Object({ stoneId: id('The stone') }),
      response: { 204: nothing },
    },
  },
  problems: {},
})

function readAndAdd() {
  const stones = hooksOf(stonesApi)
  return new Elysia()
    .use(operations)
    .get('/stones/:stoneId', () => ({ weight: 1 }), stones.readStone)
    .post(
      '/stones',
      ({ body, caller, key }) => ({ weight: body.weight + key.length + caller.userId.length }),
      stones.addStone,
    )
}

function all() {
  return readAndAdd().delete(
    '/stones/:stoneId',
    ({ caller }) => void caller.scopes,
    hooksOf(stonesApi).throwStone,
  )
}

test('everyOperation() takes an app whose routes are the operations of its API', () => {
  const app = all()
  expect(everyOperation(stonesApi, app)).toBe(app)
})

test('everyOperation() refuses an app without a route for an operation', () => {
  expect(() => everyOperation(stonesApi, readAndAdd())).toThrow(
    '"DELETE /stones/:stoneId" is not the route of throwStone',
  )
})

test('everyOperation() refuses a route that is no operation, and so has no access rule', () => {
  expect(() =>
    everyOperation(
      stonesApi,
      all().get('/secrets', () => 'all of them'),
    ),
  ).toThrow('"GET /secrets" is no operation of its API')
})

test('everyOperation() refuses a route with the hook of another operation', () => {
  const app = readAndAdd().delete('/stones/:stoneId', () => ({ weight: 1 }), hooksOf(stonesApi).readStone)
  expect(() => everyOperation(stonesApi, app)).toThrow(
    '"DELETE /stones/:stoneId" is not the route of throwStone',
  )
})

/** What the compiler must refuse; it is compiled and never called. */
export function refusedByTheCompiler() {
  const stones = hooksOf(stonesApi)
  const app = new Elysia().use(operations)
  // @ts-expect-error A stone has a weight.
  app.get('/stones/:stoneId', () => ({ colour: 'grey' }), stones.readStone)
  // @ts-expect-error The usual success is 201, and that is a stone as well.
  app.post('/stones', () => 'a stone', stones.addStone)
  // @ts-expect-error There is nothing to answer with 204.
  app.delete('/stones/:stoneId', () => 'thrown', stones.throwStone)
  // @ts-expect-error Anyone may read stones, so nobody is known who does.
  app.get('/stones/:stoneId', ({ caller }) => ({ weight: caller.userId.length }), stones.readStone)
  // @ts-expect-error Only where it is declared there is a key.
  app.get('/stones/:stoneId', ({ key }) => ({ weight: key.length }), stones.readStone)
  // @ts-expect-error An operation without an access rule cannot be declared.
  defineApi({ ...stonesApi, operations: { hide: { ...stonesApi.operations.readStone, access: undefined } } })
}
