import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVICES } from '@bazaar/stack/databases'
import { repositoryFolder } from '@bazaar/stack/paths'
import { Transpiler } from 'bun'
import { plant } from '../plants/plant.ts'
import { POINTS, plantsOf } from './points.ts'

describe('the failpoints', () => {
  test('have names of their own in their service', () => {
    const names = POINTS.map(({ service, name }) => `${service}.${name}`)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each(SERVICES)('of %s fit the source, which can still be loaded', (service) => {
    const plants = plantsOf(POINTS, service)
    for (const file of new Set(plants.map((one) => one.file))) {
      const source = readFileSync(join(repositoryFolder, file), 'utf8')
      const planted = plant(
        source,
        plants.filter((one) => one.file === file),
      )
      expect(new Transpiler({ loader: 'ts' }).transformSync(planted)).toContain('failpoint(')
    }
  })
})
