import { describe, expect, test } from 'bun:test'
import { keptPage } from './kept-page.ts'

/** A page that counts how often it is put together, by a clock that stands still until it is set. */
function counted() {
  const clock = { ms: 0 }
  const built: PromiseWithResolvers<string>[] = []
  const page = keptPage(
    () => {
      const begun = Promise.withResolvers<string>()
      built.push(begun)
      return begun.promise
    },
    { forMs: 1_000, now: () => clock.ms },
  )
  return { clock, built, page }
}

describe('keptPage()', () => {
  test('puts one page together for a thousand readers, also while it is under way', async () => {
    const { built, page, clock } = counted()
    const readers = Array.from({ length: 1_000 }, () => page.read())
    clock.ms = 5_000
    readers.push(page.read())
    built[0]?.resolve('first')
    expect(new Set(await Promise.all(readers))).toEqual(new Set(['first']))
    expect(built).toHaveLength(1)
  })

  test('shows nothing older than it may be, counted from the moment it was begun', async () => {
    const { built, page, clock } = counted()
    const first = page.read()
    clock.ms = 600
    built[0]?.resolve('first')
    await first
    clock.ms = 999
    expect(await page.read()).toBe('first')
    clock.ms = 1_000
    const second = page.read()
    built[1]?.resolve('second')
    expect(await second).toBe('second')
  })

  test('shows no reader after a change a page that was begun before it', async () => {
    const { built, page } = counted()
    const before = page.read()
    page.drop()
    const after = page.read()
    built[1]?.resolve('new')
    expect(await after).toBe('new')
    built[0]?.resolve('old')
    expect(await before).toBe('old')
    expect(await page.read()).toBe('new')
    expect(built).toHaveLength(2)
  })

  test('keeps no failure, and lets none of a dropped page touch its successor', async () => {
    const { built, page } = counted()
    const before = page.read()
    page.drop()
    const after = page.read()
    built[0]?.reject(new Error('no database'))
    expect(before).rejects.toThrow('no database')
    built[1]?.resolve('new')
    expect(await after).toBe('new')
    expect(await page.read()).toBe('new')

    page.drop()
    const failing = page.read()
    built[2]?.reject(new Error('no database'))
    expect(failing).rejects.toThrow('no database')
    await failing.catch(() => undefined)
    const again = page.read()
    built[3]?.resolve('back')
    expect(await again).toBe('back')
  })
})
