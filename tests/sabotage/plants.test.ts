import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryFolder } from '@bazaar/stack/paths'
import { Transpiler } from 'bun'
import { plant } from '../plants/plant.ts'
import { SABOTAGES } from './plants.ts'

test.each(Object.entries(SABOTAGES))(
  'sabotage %s fits the source, which can still be loaded',
  (_, { plants }) => {
    for (const file of new Set(plants.map((one) => one.file))) {
      const source = readFileSync(join(repositoryFolder, file), 'utf8')
      const planted = plant(
        source,
        plants.filter((one) => one.file === file),
      )
      expect(planted).not.toBe(source)
      new Transpiler({ loader: 'ts' }).transformSync(planted)
    }
  },
)
