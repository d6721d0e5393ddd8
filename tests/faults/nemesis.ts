import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import type { Begun, Fault } from './fault.ts'
import type { History } from './history.ts'
import type { Random } from './random.ts'

/** Makes parts of a cluster fail, and heals them. */
export type Nemesis = {
  /** How many faults have begun. */
  injected: () => number
  /** What fails at this moment, in words. */
  present: () => string[]
  /** How often each kind of fault has begun. */
  counts: () => Record<string, number>
  /** Makes one thing fail and heals it; false when there was no occasion. */
  once: (fault: Fault) => Promise<boolean>
  /** One to three at once, by chance and weight, until the signal; returns when all is healed. */
  rage: (faults: readonly Fault[], until: AbortSignal) => Promise<void>
}

/** At most so many faults at once. */
const AT_ONCE_MAX = 3
/** The pause between the beginnings of two faults, from and to. */
const PAUSE_MS = [600, 3_400] as const
/** A moment in which all is well, now and then: what cannot recover between two faults would show only at the end. */
const CALM_EVERY_MS = 60_000
const CALM_MS = 4_000
const LONG_ONE_IN = 12
const PARTS_TRIED_MAX = 5

/** A nemesis that writes down in the history what it does. */
export function createNemesis(
  cluster: Cluster,
  { history, random }: { history: History; random: Random },
): Nemesis {
  const busy = new Set<string>()
  const present = new Set<string>()
  const counts: Record<string, number> = {}
  let injected = 0
  let attempts = 0

  async function once(fault: Fault): Promise<boolean> {
    const planned = choose(fault)
    if (!planned) return false
    for (const part of planned.parts) busy.add(part)
    const noted = { process: 'nemesis', f: fault.name, key: `fault-${++attempts}` }
    try {
      history.add({ ...noted, type: 'invoke', value: { rows: fault.rows, parts: planned.parts } })
      const begun = await planned.begin()
      if (!begun) {
        history.add({ ...noted, type: 'fail', value: 'no occasion' })
        return false
      }
      await last(fault, begun)
      const { note = null, poison = [] } = begun
      history.add({ ...noted, type: 'ok', value: { note, poison } })
      return true
    } catch (error) {
      history.add({ ...noted, type: 'info', value: String(error) })
      throw error
    } finally {
      for (const part of planned.parts) busy.delete(part)
    }
  }

  /** What the fault is to hit, if it can without what another one has in hand. */
  function choose(fault: Fault) {
    for (let tried = 0; tried < PARTS_TRIED_MAX; tried++) {
      const planned = fault.plan(cluster, random)
      if (!planned.parts.some((part) => busy.has(part))) return planned
    }
    return undefined
  }

  async function last(fault: Fault, begun: Begun): Promise<void> {
    injected++
    counts[fault.name] = (counts[fault.name] ?? 0) + 1
    const shown = begun.note ? `${fault.name} (${begun.note})` : fault.name
    present.add(shown)
    const [from, to] = fault.longMs && random.chance(1 / LONG_ONE_IN) ? fault.longMs : fault.lastsMs
    await delay(random.between(from, to))
    await begun.heal()
    present.delete(shown)
  }

  async function rage(faults: readonly Fault[], until: AbortSignal): Promise<void> {
    const weights = Object.fromEntries(faults.map((fault, index) => [String(index), fault.weight]))
    const going = new Set<Promise<unknown>>()
    let calmAt = performance.now() + CALM_EVERY_MS
    let failure: unknown
    while (!until.aborted && failure === undefined) {
      if (performance.now() > calmAt) {
        await Promise.all(going)
        await pause(CALM_MS, until)
        calmAt = performance.now() + CALM_EVERY_MS
      }
      const fault = faults[Number(random.weighted(weights))]
      if (fault && going.size < AT_ONCE_MAX) {
        const one = once(fault)
          .catch((error: unknown) => {
            failure ??= error
          })
          .finally(() => going.delete(one))
        going.add(one)
      }
      await pause(random.between(...PAUSE_MS), until)
    }
    await Promise.all(going)
    if (failure !== undefined) throw failure
  }

  return {
    injected: () => injected,
    present: () => [...present],
    counts: () => ({ ...counts }),
    once,
    rage,
  }
}

/** Waits, but no longer than until the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
