import { mkdir, readFile, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { parse, View } from 'vega'
import { compile } from 'vega-lite'
import type { Results } from '../results.ts'
import { costs, THEMES, times } from './specs.ts'

/*
 * `bun bench/plots/main.ts FILE`: draws the results that `bun run bench --against COMMIT --keep` has written, on light and on
 * dark ground, into bench/plots/pictures.
 */

const [, , file] = process.argv
if (!file) throw new Error('Name the results to draw: bun bench/plots/main.ts bench/results/2026-01-31.json')
const results: Results = JSON.parse(await readFile(file, 'utf8'))
const folder = new URL('pictures/', import.meta.url)
await mkdir(folder, { recursive: true })
for (const [theme, config] of Object.entries(THEMES)) {
  for (const [name, spec] of Object.entries({ times: times(results), costs: costs(results) })) {
    const view = new View(parse(compile({ ...spec, config }).spec), { renderer: 'none' })
    const path = new URL(`${name}-${theme}.svg`, folder)
    await writeFile(path, `${await view.toSVG()}\n`)
    console.log(`Drawn: bench/plots/pictures/${name}-${theme}.svg`)
  }
}
