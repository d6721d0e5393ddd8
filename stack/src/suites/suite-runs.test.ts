import { expect, test } from 'bun:test'
import { storeRow } from '../programs/store-rows.ts'
import { runsOf } from './suite-runs.ts'
import { suites } from './suites.ts'

const chosen = suites.filter(({ name }) => ['types', 'order', 'faults'].includes(name))
const namesOf = (rows: string[]) =>
  runsOf(chosen, rows.map(storeRow)).map(({ suite, row }) => `${suite.name} ${row?.name ?? 'here'}`)

test('runsOf() runs each suite once where no row of stores is named', () => {
  expect(namesOf([])).toEqual(['types here', 'order here', 'faults here'])
})

test('runsOf() repeats on each further row what stores make a difference to', () => {
  expect(namesOf(['debian12', 'mysql'])).toEqual([
    'types debian12',
    'order debian12',
    'faults debian12',
    'order mysql',
    'faults mysql',
  ])
})
