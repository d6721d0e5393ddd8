import { expect, test } from 'bun:test'
import { classify } from './errors.ts'

test.each([
  [3, 'Error writing file (Errcode: 28 "No space left on device")'],
  [1021, 'Disk full; waiting for someone to free some space'],
  [1026, 'Error writing file (errno: 28)'],
  [1030, 'Got error 28 "No space left on device" from storage engine InnoDB'],
  [1114, 'The table is full'],
])('classify() takes error %p of a full disk for a database that cannot be used now', (errno, message) => {
  expect(classify(Object.assign(new Error(message), { errno, code: 'ER_ANY', fatal: false }))).toBe(
    'unavailable',
  )
})
