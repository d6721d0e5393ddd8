import { expect, test } from 'bun:test'
import { roomFor } from './bounded.ts'

test('roomFor() turns away who comes when it is full, and lets in again when somebody has left', async () => {
  const room = roomFor(2)
  const leave = Promise.withResolvers<string>()
  const inside = [room(() => leave.promise), room(() => leave.promise)]
  const [refusal] = await Promise.allSettled([room(async () => 'late')])
  expect(refusal).toMatchObject({ reason: { name: 'DomainError', code: 'overloaded', retryAfterSeconds: 1 } })
  leave.resolve('done')
  expect(await Promise.all(inside)).toEqual(['done', 'done'])
  const failing = room(() => Promise.reject(new Error('failed')))
  await expect(failing).rejects.toThrow('failed')
  expect(await Promise.all([room(async () => 1), room(async () => 2)])).toEqual([1, 2])
})
