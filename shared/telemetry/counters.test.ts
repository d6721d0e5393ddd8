import { expect, test } from 'bun:test'
import { Registry } from 'prom-client'
import { count, countBy, gauge, sumBy } from './counters.ts'

const help = 'Things'

/** What is shown, without the words about it. */
async function shown(registry: Registry): Promise<string[]> {
  const text = await registry.metrics()
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

test('count() shows 0 before the first', async () => {
  const registry = new Registry()
  const things = count({ registry, name: 'things_total', help })
  expect(await shown(registry)).toEqual(['things_total 0'])
  things.inc()
  things.add(2)
  expect(await shown(registry)).toEqual(['things_total 3'])
})

test('countBy() shows each value from 0 on, and all that are none of them as one', async () => {
  const registry = new Registry()
  const things = countBy({ registry, name: 'things_total', help, label: 'kind', values: ['old', 'new'] })
  expect(await shown(registry)).toEqual(['things_total{kind="old"} 0', 'things_total{kind="new"} 0'])
  for (const kind of ['new', 'borrowed', 'blue']) things.inc(kind)
  expect(await shown(registry)).toEqual([
    'things_total{kind="old"} 0',
    'things_total{kind="new"} 1',
    'things_total{kind="other"} 2',
  ])
})

test('sumBy() adds up by value, from the first amount on', async () => {
  const registry = new Registry()
  const money = sumBy({ registry, name: 'money_minor_units_total', help, label: 'currency' })
  expect(await shown(registry)).toEqual([])
  money.add('EUR', 500)
  money.add('EUR', 250)
  expect(await shown(registry)).toEqual(['money_minor_units_total{currency="EUR"} 750'])
})

test('gauge() is read when somebody looks', async () => {
  const registry = new Registry()
  let waiting = 1
  gauge({ registry, name: 'things_waiting', help, read: () => waiting })
  waiting = 4
  expect(await shown(registry)).toEqual(['things_waiting 4'])
})
