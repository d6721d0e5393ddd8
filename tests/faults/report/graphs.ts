import { groupBy } from '../checkers/evidence.ts'
import { boundOf } from './bounds.ts'
import { type Figures, quantile, type Sample } from './figures.ts'
import { kindOf, type Recovery } from './recovery.ts'
import { band, draw, type Frame, frameOf, laneChart, lineChart, stackChart, timeAxis } from './svg.ts'

const BINS_MAX = 480
const WIDTH = 1_160

/** What became of attempts, as the graph names and colours it. */
const OUTCOMES = [
  { name: 'done', colour: '#2f9e73', counts: ({ type }: Sample) => type === 'ok' },
  { name: 'refused', colour: '#8fa3b5', counts: ({ type }: Sample) => type === 'fail' },
  { name: 'unknown, asked again', colour: '#e2572b', counts: ({ type }: Sample) => type === 'info' },
] as const
const CURVES = [
  { name: 'orders, half within', colour: '#2b6cb0', share: 0.5, f: 'place' },
  { name: 'orders, 99 of 100 within', colour: '#90b4dd', share: 0.99, f: 'place' },
  { name: 'everything else, half within', colour: '#8a6d1f', share: 0.5, f: undefined },
] as const

/** One page, without anything from outside, on which a person sees how a run went. */
export function graphsPage(title: string, figures: Figures, recoveries: readonly Recovery[]): string {
  const { beganMs, endedMs } = figures
  const binMs = Math.max(1_000, Math.ceil((endedMs - beganMs) / BINS_MAX / 1_000) * 1_000)
  const bins = binsOf(figures, binMs)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; color: #1c2733; background: #fbfbf9; margin: 2rem auto; max-width: 74rem; padding: 0 1rem }
  h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .25rem } p { margin: .25rem 0 .75rem; max-width: 50rem }
  svg { width: 100%; height: auto; display: block } text { font: 12px system-ui, sans-serif; fill: #46535f }
</style>
<h1>${title}</h1>
<h2>What became of the requests, a second</h2>
<p>Each attempt of the clients, by its outcome; below, when which fault was on. ${duration(binMs)} a step.</p>
${ratesGraph(bins, figures, binMs)}
<h2>How long an answer took</h2>
<p>Of attempts that were answered; on a scale on which each line is ten times the one below.</p>
${latencyGraph(bins, figures)}
<h2>How soon things worked again</h2>
<p>From the end of a fault to the first order placed (dots: half of the times, and the worst), and to the moment
from which 99 of 100 attempts were answered (rings). Only faults that nothing else followed at once, with how many
that were. The bar is the bound.</p>
${recoveryGraph(recoveries)}
</html>
`
}

type Bin = { atMs: number; samples: Sample[] }

function binsOf({ beganMs, endedMs, samples }: Figures, binMs: number): Bin[] {
  const groups = groupBy(samples, ({ invokedMs }) => String(Math.floor((invokedMs - beganMs) / binMs)))
  return Array.from({ length: Math.ceil((endedMs - beganMs) / binMs) + 1 }, (_, index) => ({
    atMs: beganMs + index * binMs,
    samples: groups.get(String(index)) ?? [],
  }))
}

function ratesGraph(bins: readonly Bin[], figures: Figures, binMs: number): string {
  const layers = OUTCOMES.map(({ name, colour, counts }) => ({
    name,
    colour,
    values: bins.map(({ samples }) => (samples.filter(counts).length * 1_000) / binMs),
  }))
  const lanes = [...groupBy(figures.faults, ({ kind }) => kindOf(kind))]
  const frame = frameOf({ width: WIDTH, height: 300, figures })
  const lanesHeight = lanes.length * 11 + 24
  return draw(WIDTH, frame.bottom + 30 + lanesHeight, [
    ...bandsOf(frame, figures),
    stackChart(frame, layers),
    timeAxis(frame),
    laneChart(
      { ...frame, top: frame.bottom + 30 },
      lanes.map(([name, faults]) => ({
        name,
        spans: faults.map(({ beganMs, healedMs }) => ({ fromMs: beganMs, toMs: healedMs })),
      })),
    ),
  ])
}

function latencyGraph(bins: readonly Bin[], figures: Figures): string {
  const frame = frameOf({ width: WIDTH, height: 260, figures })
  const curves = CURVES.map(({ name, colour, share, f }) => ({
    name,
    colour,
    points: bins.flatMap(({ atMs, samples }) => {
      const times = samples
        .filter(
          (sample) => sample.type !== 'info' && (f === undefined ? sample.f !== 'place' : sample.f === f),
        )
        .map(({ invokedMs, endedMs }) => (endedMs ?? invokedMs) - invokedMs)
      return times.length === 0 ? [] : [{ atMs, ms: Math.max(1, quantile(times, share)) }]
    }),
  }))
  return draw(WIDTH, frame.bottom + 30, [
    ...bandsOf(frame, figures),
    lineChart(frame, curves),
    timeAxis(frame),
  ])
}

/** Faults as bands behind the curves, as long as they are so few that anything else is seen. */
function bandsOf(frame: Frame, { faults }: Figures): string[] {
  return faults.length > 60
    ? []
    : faults.map(({ kind, beganMs, healedMs }) => band(frame, kind, beganMs, healedMs))
}

const ROW = 20
const LEFT = 300

function recoveryGraph(recoveries: readonly Recovery[]): string {
  const seen = recoveries.filter((recovery) => recovery.alone > 0)
  const height = seen.length * ROW + 50
  const x = (ms: number) => LEFT + (Math.log10(Math.max(10, ms)) - 1) * ((WIDTH - LEFT - 40) / 3.5)
  const grid = [10, 100, 1_000, 10_000].map(
    (ms) =>
      `<line x1="${x(ms)}" x2="${x(ms)}" y1="10" y2="${height - 30}" stroke="#dfe3e6"/><text x="${x(ms)}" y="${height - 12}" text-anchor="middle">${duration(ms)}</text>`,
  )
  const rows = seen.map(({ kind, alone, orderMs, mostMs }, index) => {
    const y = 20 + index * ROW
    const bound = x(boundOf(kind).withinMs)
    return `<text x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${kind} (${alone})</text>
<line x1="${bound}" x2="${bound}" y1="${y - 8}" y2="${y + 8}" stroke="#b3261e" stroke-width="2"/>
<line x1="${x(orderMs.p50)}" x2="${x(orderMs.max)}" y1="${y}" y2="${y}" stroke="#2b6cb0"/>
<circle cx="${x(orderMs.p50)}" cy="${y}" r="4" fill="#2b6cb0"/><circle cx="${x(orderMs.max)}" cy="${y}" r="4" fill="#2b6cb0" opacity=".5"/>
<circle cx="${x(mostMs.p50)}" cy="${y}" r="5" fill="none" stroke="#2f9e73"/><circle cx="${x(mostMs.max)}" cy="${y}" r="5" fill="none" stroke="#2f9e73" opacity=".6"/>`
  })
  return draw(WIDTH, height, [...grid, ...rows])
}

/** A time as people say it. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6_000) / 10} min`
}
