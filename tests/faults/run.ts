import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { privateFolder } from '@bazaar/stack/paths'
import type { Progress } from '@bazaar/stack/progress'
import { type Cluster, type ClusterOptions, startCluster } from './cluster.ts'
import { dumpDatabases } from './dump.ts'
import type { Fault } from './fault.ts'
import { noteFleet } from './fleet.ts'
import { beginHistory, type History, nowMs } from './history.ts'
import type { Judgement } from './judge.ts'
import { startLoad } from './load.ts'
import { createNemesis } from './nemesis.ts'
import { seededRandom } from './random.ts'
import { duration } from './report/graphs.ts'
import { reportRun } from './report.ts'
import { awaitRest } from './rest.ts'
import { showTally, type Tally, tallyOf } from './tally.ts'
import { startWatch } from './watch.ts'

/** What a run does. */
export type RunOptions = {
  seed: string
  /** Faults that happen once each, one after the other, before chance takes over. */
  once: readonly Fault[]
  /** Faults among which chance chooses, and for how long. */
  byChance: readonly Fault[]
  chanceMs: number
  /** Goes on for longer than that until so many orders were placed, and so many faults have begun. */
  ordersLeast: number
  faultsLeast: number
  clients: number
  /** What is put into the sources, for runs that are to be found wanting. */
  plants?: ClusterOptions['plants']
  points?: ClusterOptions['points']
  progress: Progress
  /** Cuts the run short; what was seen until then is judged all the same. */
  signal: AbortSignal
}

/** What came of a run. */
export type RunResult = Judgement & {
  seed: string
  folder: string
  tookMs: number
  faults: {
    injected: number
    byName: Record<string, number>
    withoutOccasion: string[]
    /** What did not get well again. */
    unhealed: string[]
  }
  orders: number
}

/** Short enough to see stock expire, long enough for the completer, which takes an order over after 30 s. */
const ENVIRONMENT = { RESERVATION_HOLD_SECONDS: '45' }
const PROGRESS_EVERY_MS = 5_000
const ENOUGH_LOOK_MS = 500
/** How long the load goes on when nothing is broken any more, to see that everything works again. */
const CALM_MS = { least: 10_000, most: 60_000 }
/** So much has to be seen of that. Of the first seconds nothing counts. */
const CALM_ATTEMPTS = 180
const PATIENCE_MS = 60_000
const REST_MS = 120_000

/** Puts a load on a cluster, makes it fail, and judges what happened. Everything is taken down at the end. */
export async function runFaults(options: RunOptions): Promise<RunResult> {
  const startedAt = performance.now()
  const sinceMs = nowMs()
  const name = `test-faults-${process.pid}`
  const folder = join(privateFolder, 'faults', new Date().toISOString().replaceAll(/[:.]/g, '-'))
  await mkdir(folder, { recursive: true })
  const cluster = await startCluster({
    name,
    environment: ENVIRONMENT,
    progress: options.progress,
    ...(options.plants ? { plants: options.plants } : {}),
    ...(options.points ? { points: options.points } : {}),
  })
  let isGood = false
  try {
    const history = beginHistory(join(folder, 'history.jsonl'))
    const { logFiles, ...done } = await actAndWatch(cluster, history, options)
    await dumpDatabases(cluster, { folder, sinceMs })
    await cluster.stop({ keepLogs: true })
    noteFleet(cluster, history)
    await history.close()
    const tookMs = Math.round(performance.now() - startedAt)
    const { seed, clients, chanceMs } = options
    const { withoutOccasion, unhealed } = done.faults
    const about = {
      seed,
      clients,
      'faults by chance': duration(chanceMs),
      'duration in all': duration(tookMs),
      ...(withoutOccasion.length > 0 ? { 'without occasion': withoutOccasion.join('; ') } : {}),
      ...(unhealed.length > 0 ? { 'not healed': unhealed.join('; ') } : {}),
    }
    const judgement = await reportRun({ folder, logFiles, about })
    isGood = judgement.valid === true
    return { ...judgement, seed, folder, tookMs, ...done }
  } finally {
    await cluster.stop({ keepLogs: !isGood })
  }
}

async function actAndWatch(
  cluster: Cluster,
  history: History,
  { seed, once, byChance, chanceMs, ordersLeast, faultsLeast, clients, progress, signal }: RunOptions,
): Promise<Pick<RunResult, 'faults' | 'orders'> & { logFiles: string[] }> {
  const random = seededRandom(seed)
  const tally = tallyOf(history)
  const load = await startLoad(cluster, { history: tally.history, random: random.fork('load'), clients })
  const watch = startWatch(cluster, tally.history)
  const nemesis = createNemesis(cluster, { history: tally.history, random: random.fork('nemesis') })
  const shown = setInterval(() => progress.line(showTally(tally, nemesis)), PROGRESS_EVERY_MS)
  const withoutOccasion: string[] = []
  const unhealed: string[] = []
  try {
    withoutOccasion.push(...(await nemesis.eachOnce(once, signal)))
    if (chanceMs > 0) {
      const isMuch = () => tally.orders() >= ordersLeast && nemesis.injected() >= faultsLeast
      const had = enough(isMuch, chanceMs)
      await nemesis.rage(byChance, AbortSignal.any([signal, had]))
    }
    const ill = await cluster.healthy().catch((error: unknown) => [String(error)])
    unhealed.push(...(ill ?? []))
    load.relax()
    tally.history.add({ process: 'nemesis', f: 'calm', key: 'calm', type: 'invoke', value: null })
    await stayCalm(tally)
    await load.finish(PATIENCE_MS)
    await awaitRest(cluster, { history: tally.history, patienceMs: REST_MS })
    await load.lookAtEverything()
  } finally {
    clearInterval(shown)
    await watch.stop()
  }
  progress.line(showTally(tally, nemesis))
  return {
    faults: {
      injected: nemesis.injected(),
      byName: nemesis.counts(),
      withoutOccasion,
      unhealed: [...unhealed, ...nemesis.unhealed()],
    },
    orders: tally.orders(),
    logFiles: cluster.members.map(({ logPath }) => logPath),
  }
}

/** Aborted when the time is over and it is so. */
function enough(isSo: () => boolean, ms: number): AbortSignal {
  const had = new AbortController()
  void delay(ms).then(async () => {
    while (!isSo()) await delay(ENOUGH_LOOK_MS)
    had.abort()
  })
  return had.signal
}

/** Lets the load go on until enough was seen. */
async function stayCalm(tally: Tally): Promise<void> {
  const startedAt = performance.now()
  const attempts = tally.attempts()
  const passedMs = () => performance.now() - startedAt
  await delay(CALM_MS.least)
  while (tally.attempts() - attempts < CALM_ATTEMPTS && passedMs() < CALM_MS.most) await delay(100)
}
