import { expect, test } from 'bun:test'
import { eachEntry } from './pages.ts'

test('eachEntry() reads a page when its first entry is wanted', async () => {
  const read: unknown[] = []
  const entries = eachEntry(async (cursor) => {
    read.push(cursor)
    return cursor.cursor ? { items: [3], next: null } : { items: [1, 2], next: 'second' }
  })
  expect([(await entries.next()).value, (await entries.next()).value]).toEqual([1, 2])
  expect(read).toEqual([{}])
  expect([(await entries.next()).value, (await entries.next()).done]).toEqual([3, true])
  expect(read).toEqual([{}, { cursor: 'second' }])
})

test('eachEntry() ends at a page that leads to itself', async () => {
  const entries = eachEntry(async () => ({ items: [], next: 'again' }))
  await expect(entries.next()).rejects.toThrow('this page again')
})
