import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { plant } from '../../plants/plant.ts'
import { harmless, removals } from './removals.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/* What no longer fits the source proves nothing; this says so at once, and the proof itself only after minutes. */

test.each([...removals, ...harmless].map((removal) => [removal.what, removal.plants] as const))(
  '%s is something that the source has',
  (_, plants) => {
    for (const file of new Set(plants.map((one) => one.file))) {
      const source = readFileSync(`${root}${file}`, 'utf8')
      const there = plants.filter((one) => one.file === file)
      expect(plant(source, there)).not.toBe(source)
    }
  },
)
