import type { Judgement } from '../judge.ts'
import { boundOf } from './bounds.ts'
import type { Figures } from './figures.ts'
import { duration } from './graphs.ts'
import type { Recovery, Spread } from './recovery.ts'

/** What a run was: which seed, how many clients, on what machine. */
export type About = Readonly<Record<string, string | number>>

/** What every checker stands for, in a few words. */
const MEANINGS: Readonly<Record<string, string>> & Record<keyof Judgement['verdicts'], string> = {
  bank: 'stock is conserved, never negative, and what the ledger says (I1–I3)',
  orders: 'no order lost, doubled or from nowhere; placed is readable (I5, I6, I17, I24)',
  releases: 'each cancellation gives back its stock exactly once (I7, I8, I20, I21)',
  states: 'every timeline is a path of the published table (I8, I9)',
  stock: 'nothing oversold and nothing missing (I10)',
  join: 'order and inventory agree line by line (I4, I11, I22)',
  keys: 'one Idempotency-Key, one answer (I13)',
  sessions: 'ended, forged and foreign sessions get nothing (I14–I16, I23)',
  drain: 'every message arrives, all comes to rest, dead letters are poison (I18–I20, I22)',
  liveness: 'after the last fault everything works again (I25)',
  processes: 'no process ends by itself, no secret in a log (I26, I27)',
  answers: 'no 5xx but 503, always a problem document with Retry-After (I24)',
  money: 'what is kept is what is due, as in the provider’s books (I12)',
  stats: 'every kind of operation succeeded, no outcome left open',
}

/** The summary of a run as a Markdown document, for people and to be committed. */
export function summaryOf(run: {
  about: About
  judgement: Judgement
  figures: Figures
  recoveries: readonly Recovery[]
}): string {
  const { about, judgement, figures, recoveries } = run
  const { totals, latencies, beganMs, endedMs } = figures
  const violations = Object.values(judgement.verdicts).reduce(
    (sum, { violationsCount }) => sum + violationsCount,
    0,
  )
  const perSecond = (totals.orders * 1_000) / Math.max(1, endedMs - beganMs)
  return `# Bazaar under faults

${table(
  ['', ''],
  [
    ...Object.entries(about),
    ['valid', `**${judgement.valid}**`],
    ['violations', violations],
    ['faults injected', totals.faults],
    ['duration under load', duration(endedMs - beganMs)],
    ['orders placed', `${number(totals.orders)} (${perSecond.toFixed(1)} a second)`],
    ['orders cancelled', number(totals.cancels)],
    ['operations', number(totals.operations)],
    ['requests', number(totals.attempts)],
    ['outcomes left unknown', judgement.verdicts.stats.counts['unknown'] ?? 'not counted'],
    ['snapshots of the databases during faults', number(totals.bankReads)],
    ['ended sessions tried again', number(totals.sessionsTried)],
  ],
)}

## What was checked

${table(
  ['checker', 'what must be true', 'result', 'looked at'],
  Object.entries(judgement.verdicts).map(([name, { valid, violationsCount, counts }]) => [
    name,
    MEANINGS[name] ?? '',
    valid === true ? 'true' : `**${valid}** (${violationsCount})`,
    Object.entries(counts)
      .filter(([what]) => name !== 'stats' || what === 'operations' || what === 'unknown')
      .map(([what, count]) => `${what} ${number(Math.round(count))}`)
      .join(', '),
  ]),
)}

## How soon things worked again

From the end of a fault (the killed accepts again, the network is whole): half of the times / 99 of 100 / the worst.
Most faults end while others are on; “alone” are those at whose end, and for a while after, nothing else was broken,
and only they tell what a recovery takes; requests still on their way when the next fault began do not.

${table(
  [
    'fault',
    'injected',
    'alone',
    'first success of all',
    'first order',
    '99 of 100 answered',
    'bound',
    'kept',
  ],
  recoveries.map((recovery) => {
    const { kind, faults, alone, anyMs, orderMs, mostMs } = recovery
    const bound = boundOf(kind)
    const measured = bound.what === 'first order' ? orderMs : mostMs
    return [
      kind,
      faults,
      alone,
      spread(anyMs),
      alone === 0 ? '–' : spread(orderMs),
      alone === 0 ? '–' : spread(mostMs),
      `${bound.what} within ${duration(bound.withinMs)}`,
      alone === 0 ? '–' : measured.max <= bound.withinMs ? 'yes' : 'not always',
    ]
  }),
)}

## How long answers took

${table(
  ['operation', 'answers', 'half within', '99 of 100 within', 'the slowest'],
  latencies.map(({ f, count, p50, p99, max }) => [
    f,
    number(count),
    duration(p50),
    duration(p99),
    duration(max),
  ]),
)}
`
}

function spread({ p50, p99, max }: Spread): string {
  return [p50, p99, max].map(duration).join(' / ')
}

function number(value: number): string {
  return value.toLocaleString('en-GB')
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
