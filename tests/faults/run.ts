import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { privateFolder } from '@bazaar/stack/paths'
import { describeVersions } from '@bazaar/stack/programs/store-versions'
import type { Progress } from '@bazaar/stack/progress'
import { KINDS } from './checkers/stats.ts'
import { type Cluster, type ClusterOptions, startCluster } from './cluster/cluster.ts'
import { noteFleet } from './cluster/fleet.ts'
import { dumpDatabases } from './history/dump.ts'
import { beginHistory, type History, nowMs } from './history/history.ts'
import { startWatch } from './history/watch.ts'
import type { Judgement } from './judge.ts'
import { type Machine, watchMachine } from './machine.ts'
import type { Fault } from './nemesis/fault.ts'
import { createNemesis } from './nemesis/nemesis.ts'
import { seededRandom } from './random.ts'
import { duration } from './report/graphs.ts'
import { reportRun } from './report.ts'
import { awaitRest } from './rest.ts'
import { showTally, type Tally, tallyOf } from './tally.ts'
import { startLoad } from './workload/load.ts'

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
/** So much is seen before anything is broken, to compare with. */
const BASELINE_ATTEMPTS = 80
const BASELINE_MS_MAX = 60_000
/**
 * How long the load goes on when nothing is broken any more, to see that everything works again; at the most so many
 * times as long as the machine is slow.
 */
const CALM_MS = { least: 5_000, most: 120_000 }
/**
 * So much has to be seen of that. Of the first seconds nothing counts. One or two of a hundred may fail by chance, so
 * when more than one in a hundred did, more is seen.
 */
const CALM_ATTEMPTS = { least: 180, most: 720 }
const UNANSWERED_SHARE = 0.01
const PATIENCE_MS = 60_000
const REST_MS = 120_000
const HEALTHY_WITHIN_MS = 120_000

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
  options.progress.line(`stores: ${describeVersions(cluster.versions)}`)
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
      stores: describeVersions(cluster.versions),
      seed,
      clients,
      'faults by chance': duration(chanceMs),
      'duration in all': duration(tookMs),
      ...(withoutOccasion.length > 0 ? { 'without occasion': withoutOccasion.join('; ') } : {}),
      ...(unhealed.length > 0 ? { 'not healed': unhealed.join('; ') } : {}),
    }
    const judgement = await reportRun({ folder, logFiles, about })
    isGood = judgement.valid === true && withoutOccasion.length === 0 && unhealed.length === 0
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
  const { history: counted, successes } = tally
  const machine = watchMachine(counted, cluster.paths.folder)
  const { slowness } = machine
  const load = await startLoad(cluster, {
    history: counted,
    random: random.fork('load'),
    clients,
    slowness,
  })
  const watch = startWatch(cluster, counted)
  const nemesis = createNemesis(cluster, {
    history: counted,
    random: random.fork('nemesis'),
    machine,
    successes,
  })
  const shown = setInterval(() => progress.line(showTally(tally, nemesis)), PROGRESS_EVERY_MS)
  const withoutOccasion: string[] = []
  const unhealed: string[] = []
  try {
    await measureBaseline(tally)
    load.hurry()
    withoutOccasion.push(...(await nemesis.eachOnce(once, signal)))
    if (chanceMs > 0) {
      const isMuch = () => tally.orders() >= ordersLeast && nemesis.injected() >= faultsLeast
      const had = enough(isMuch, chanceMs)
      await nemesis.rage(byChance, AbortSignal.any([signal, had]))
    }
    const ill = await cluster
      .healthy(HEALTHY_WITHIN_MS * slowness())
      .catch((error: unknown) => [String(error)])
    unhealed.push(...(ill ?? []))
    load.relax()
    counted.add({ process: 'nemesis', f: 'calm', key: 'calm', type: 'invoke', value: null })
    await stayCalm(tally, machine)
    await load.finish(PATIENCE_MS * slowness())
    await awaitRest(cluster, { history: counted, patienceMs: REST_MS * slowness() })
    await load.lookAtEverything()
  } finally {
    clearInterval(shown)
    await watch.stop()
    await machine.stop()
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

/** Lets the load go on while nothing was broken yet, until enough was seen to compare with. */
async function measureBaseline({ history, attempts }: Tally): Promise<void> {
  const entry = { process: 'run', f: 'baseline', key: 'baseline', value: null }
  const [startedAt, before] = [performance.now(), attempts()]
  history.add({ ...entry, type: 'invoke' })
  while (attempts() - before < BASELINE_ATTEMPTS && performance.now() - startedAt < BASELINE_MS_MAX)
    await delay(100)
  history.add({ ...entry, type: 'ok' })
}

/** Lets the load go on until enough was seen, and everything that belongs to it was done at least once. */
async function stayCalm({ attempts, unanswered, kinds }: Tally, { slowness }: Machine): Promise<void> {
  const startedAt = performance.now()
  await delay(CALM_MS.least * slowness())
  const [before, unansweredBefore] = [attempts(), unanswered()]
  const isEnough = () => {
    const seen = attempts() - before
    const share = (unanswered() - unansweredBefore) / Math.max(1, seen)
    const isGood = share <= UNANSWERED_SHARE && KINDS.every((kind) => kinds.has(kind))
    return seen >= (isGood ? CALM_ATTEMPTS.least : CALM_ATTEMPTS.most)
  }
  while (!isEnough() && performance.now() - startedAt < CALM_MS.most * slowness()) await delay(100)
}
