import { expect, test } from 'bun:test'
import type { Cluster } from '../cluster/cluster.ts'
import { seededRandom } from '../random.ts'
import type { Fault } from './fault.ts'
import { createNemesis } from './nemesis.ts'

/** Nothing of it is asked for by the faults of these tests. */
const cluster = {} as Cluster

/** A fault that nobody comes by for so many times; each time that it waits, the load succeeds with so much. */
function waiting(options: { inVain: number; successesEach: number }) {
  let tried = 0
  let successes = 0
  const fault: Fault = {
    rows: ['F06'],
    name: 'order killed at relay.before-mark',
    weight: 1,
    lastsMs: [0, 0],
    isQuick: true,
    plan: () => ({
      parts: ['order'],
      begin: async () => {
        successes += options.successesEach
        return ++tried > options.inVain ? { heal: async () => undefined } : undefined
      },
    }),
  }
  const nemesis = createNemesis(cluster, {
    history: { add: () => undefined, close: async () => undefined },
    random: seededRandom('nemesis'),
    machine: { slowness: () => 1 },
    successes: () => successes,
  })
  return { nemesis, fault, tried: () => tried }
}

test.each([
  ['an occasion that comes at once', { inVain: 0, successesEach: 1 }, 1, []],
  ['one that comes late, because little is done on a slow machine', { inVain: 60, successesEach: 1 }, 61, []],
  [
    'none where so much was done that somebody must have come by',
    { inVain: 99, successesEach: 700 },
    4,
    ['x'],
  ],
  ['none where nothing succeeds any more', { inVain: 99, successesEach: 0 }, 15, ['x']],
])('eachOnce() finds %s', async (_, options, times, without) => {
  const { nemesis, fault, tried } = waiting(options)
  const found = await nemesis.eachOnce([fault], new AbortController().signal)
  expect(found).toEqual(without.map(() => fault.name))
  expect(tried()).toBe(times)
  expect(nemesis.injected()).toBe(1 - without.length)
})
