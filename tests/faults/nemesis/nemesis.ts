import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineExceeded, within } from '@bazaar/shared/process/deadline'
import type { Cluster } from '../cluster/cluster.ts'
import type { History } from '../history/history.ts'
import type { Machine } from '../machine.ts'
import { type Random, shuffled } from '../random.ts'
import type { Begun, Fault, Planned } from './fault.ts'

/** Makes parts of a cluster fail, and heals them. */
export type Nemesis = {
  /** How many faults have begun. */
  injected: () => number
  /** What fails at this moment, in words. */
  present: () => string[]
  /** How often each kind of fault has begun. */
  counts: () => Record<string, number>
  /** What could not be healed, in words: a run with any of it is not valid. */
  unhealed: () => string[]
  /**
   * Each fault once, a few at a time, until the signal; answers for which no occasion came, however long the load went
   * on.
   */
  eachOnce: (faults: readonly Fault[], until: AbortSignal) => Promise<string[]>
  /** One to three at once, by chance and weight, until the signal; returns when all is healed. */
  rage: (faults: readonly Fault[], until: AbortSignal) => Promise<void>
}

/** At most so many faults at once. */
const AT_ONCE_MAX = 3
/** The pause between the beginnings of two faults, from and to. */
const PAUSE_MS = [1_500, 5_500] as const
/** A moment in which all is well, now and then: what cannot recover between two faults would show only at the end. */
const CALM_EVERY_MS = 60_000
const CALM_MS = 4_000
const LONG_ONE_IN = 12
const PARTS_TRIED_MAX = 5
/**
 * How often an occasion is waited for: another fault may keep everybody from coming by. It is given up only when the
 * load has had so many successes meanwhile that somebody must have come by, or none at all in so many times: how fast
 * the machine is does not decide.
 */
const OCCASIONS = { least: 4, successes: 2_000, idleMost: 15 }
const BUSY_PAUSE_MS = 100
const HEAL_WITHIN_MS = 60_000
const HEAL_AGAIN_MS = 1_000

/** A nemesis that writes down in the history what it does. */
export function createNemesis(
  cluster: Cluster,
  {
    history,
    random,
    machine,
    successes,
  }: {
    history: History
    random: Random
    machine: Pick<Machine, 'slowness'>
    /** How many requests of the load have succeeded so far. */
    successes: () => number
  },
): Nemesis {
  const busy = new Set<string>()
  const present = new Set<string>()
  const counts: Record<string, number> = {}
  const unhealed: string[] = []
  let injected = 0
  let attempts = 0

  /** Makes one thing fail and heals it; false when there was no occasion. */
  async function happen(fault: Fault, planned: Planned): Promise<boolean> {
    for (const part of planned.parts) busy.add(part)
    const noted = { process: 'nemesis', f: `${fault.rows[0]} ${fault.name}`, key: `fault-${++attempts}` }
    try {
      history.add({ ...noted, type: 'invoke', value: { rows: fault.rows, parts: planned.parts } })
      const begun = await within(patienceMs(), planned.begin(), 'it did not begin').catch(noOccasion)
      if (!begun || begun instanceof Error) {
        history.add({ ...noted, type: 'fail', value: begun?.message ?? 'no occasion' })
        return false
      }
      await last(fault, begun)
      const { note = null, poison = [] } = begun
      history.add({ ...noted, type: 'ok', value: { note, poison } })
      return true
    } catch (error) {
      // The run goes on: what is broken for good shows in everything that follows.
      unhealed.push(`${fault.name}: ${String(error)}`)
      history.add({ ...noted, type: 'info', value: String(error) })
      return true
    } finally {
      for (const part of planned.parts) busy.delete(part)
    }
  }

  /** What the fault is to hit, if it can without what another one has in hand. */
  function choose(fault: Fault): Planned | undefined {
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
    await healed(begun)
    present.delete(shown)
  }

  function patienceMs(): number {
    return HEAL_WITHIN_MS * machine.slowness()
  }

  /** Heals, again and again while that is kept from working by another fault. */
  async function healed({ heal }: Begun): Promise<void> {
    const giveUpAt = performance.now() + patienceMs()
    for (;;) {
      try {
        return await within(patienceMs(), heal(), 'it did not heal')
      } catch (error) {
        if (performance.now() > giveUpAt) throw error
        await delay(HEAL_AGAIN_MS)
      }
    }
  }

  async function eachOnce(faults: readonly Fault[], until: AbortSignal): Promise<string[]> {
    // In any order: many of the same kind one after the other would leave nobody who comes by.
    let open: Open[] = shuffled(faults, random).map((fault) => ({ fault, tried: 0, idle: 0 }))
    const without: string[] = []
    async function work(): Promise<void> {
      while (open.length > 0 && !until.aborted) {
        const next = takeFree()
        if (!next) {
          await pause(BUSY_PAUSE_MS, until)
          continue
        }
        const since = successes()
        const { fault, tried, idle, firstAt = since } = next
        if (await happen(fault, next.planned)) continue
        const isIdle = successes() === since
        const again: Open = { fault, tried: tried + 1, idle: isIdle ? idle + 1 : 0, firstAt }
        if (mayStillCome(again, successes())) open.push(again)
        else without.push(fault.name)
      }
    }
    /** The first that hits nothing that another one has in hand. */
    function takeFree(): (Open & { planned: Planned }) | undefined {
      for (const one of open) {
        const planned = choose(one.fault)
        if (!planned) continue
        open = open.filter((other) => other !== one)
        return { ...one, planned }
      }
      return undefined
    }
    await Promise.all(Array.from({ length: AT_ONCE_MAX }, work))
    return without
  }

  async function rage(faults: readonly Fault[], until: AbortSignal): Promise<void> {
    const weights = Object.fromEntries(faults.map((fault, index) => [String(index), fault.weight]))
    const going = new Set<Promise<unknown>>()
    let calmAt = performance.now() + CALM_EVERY_MS
    while (!until.aborted) {
      if (performance.now() > calmAt) {
        await Promise.all(going)
        await pause(CALM_MS, until)
        calmAt = performance.now() + CALM_EVERY_MS
      }
      const fault = faults[Number(random.weighted(weights))]
      const planned = fault && going.size < AT_ONCE_MAX ? choose(fault) : undefined
      if (fault && planned) {
        const one = happen(fault, planned).finally(() => going.delete(one))
        going.add(one)
      }
      await pause(random.between(...PAUSE_MS), until)
    }
    await Promise.all(going)
  }

  return {
    injected: () => injected,
    present: () => [...present],
    counts: () => ({ ...counts }),
    unhealed: () => [...unhealed],
    eachOnce,
    rage,
  }
}

/** A fault that has had no occasion yet: how often, how often in a row nothing succeeded meanwhile, and since when. */
type Open = { fault: Fault; tried: number; idle: number; firstAt?: number }

/** Whether somebody may still come by where a fault waits. */
function mayStillCome({ tried, idle, firstAt = 0 }: Open, successes: number): boolean {
  if (idle >= OCCASIONS.idleMost) return false
  return tried < OCCASIONS.least || successes - firstAt < OCCASIONS.successes
}

/** What is to fail next may be away just now on account of another fault. */
function noOccasion(error: unknown): Error {
  if (error instanceof Error && !(error instanceof DeadlineExceeded)) return error
  throw error
}

/** Waits, but no longer than until the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
