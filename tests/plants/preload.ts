import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { plugin } from 'bun'
import { PLANTS_VARIABLE, type Plant, sourceWith } from './plant.ts'

/* Loaded before a program (`bun --preload`): changes the files that BAZAAR_TEST_PLANTS names while they are loaded. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const plants: Plant[] = JSON.parse(process.env[PLANTS_VARIABLE] ?? '[]')
const files = new Set(plants.map(({ file }) => file))

plugin({
  name: 'plants',
  setup(build) {
    for (const file of files) {
      const path = `${root}${file}`
      build.onLoad({ filter: new RegExp(`^${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) }, () => ({
        contents: sourceWith(plants, file),
        loader: 'ts',
      }))
    }
  },
})
