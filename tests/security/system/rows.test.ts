import { afterEach, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { eventually } from '../../journeys/world.ts'
import { changesBetween, readRows, redis } from './rows.ts'

/* What the other tests rely on when they say that a refused request has left everything as it was. */

const key = `session:of-the-test-of-rows-${randomUUID()}`

afterEach(async () => {
  await redis.del(key)
})

test('changesBetween() does not take it for a change that a session has reached its end', async () => {
  await redis.set(key, 'anything', 'PX', 500)
  const before = await readRows()
  expect(before.has(key)).toBe(true)
  await eventually(
    () => redis.exists(key),
    (count) => count === 0,
  )
  expect(changesBetween(before, await readRows())).not.toContain(key)
})

test('changesBetween() finds a session that was begun, changed or ended', async () => {
  const before = await readRows()
  await redis.set(key, 'anything', 'PX', 3_600_000)
  const begun = await readRows()
  expect(changesBetween(before, begun)).toContain(key)
  await redis.set(key, 'anything else', 'PX', 3_600_000)
  const changed = await readRows()
  expect(changesBetween(begun, changed)).toContain(key)
  await redis.del(key)
  expect(changesBetween(changed, await readRows())).toContain(key)
})
