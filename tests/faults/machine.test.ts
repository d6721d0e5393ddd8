import { expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@bazaar/shared/testing/until'
import type { Entry } from './history/history.ts'
import { watchMachine } from './machine.ts'

test('watchMachine() writes down how slow the machine is until it is stopped, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-machine-'))
  const looks: Omit<Entry, 'tMs'>[] = []
  const machine = watchMachine({ add: (entry) => looks.push(entry), close: async () => undefined }, folder)
  expect(machine.slowness()).toBe(1)
  await until('it has looked twice', () => looks.length > 1)
  await machine.stop()
  const seen = looks.length
  for (const { process, f, value } of looks) {
    expect(`${process} ${f}`).toBe('machine speed')
    expect(value).toEqual({
      stretch: expect.any(Number),
      flushMs: expect.any(Number),
      lateMs: expect.any(Number),
    })
  }
  expect(machine.slowness()).toBeWithin(1, 5.01)
  expect(await readdir(folder)).toEqual([])
  expect(looks).toHaveLength(seen)
  await rm(folder, { recursive: true })
})
