import type { Figures } from './figures.ts'

/** Where a chart is drawn, and which time it shows. */
export type Frame = {
  left: number
  right: number
  top: number
  bottom: number
  fromMs: number
  toMs: number
}

const LEFT = 300
const RIGHT = 20

/** A frame for a chart over the whole run. */
export function frameOf({
  width,
  height,
  figures,
}: {
  width: number
  height: number
  figures: Figures
}): Frame {
  const { beganMs: fromMs, endedMs: toMs } = figures
  return { left: LEFT, right: width - RIGHT, top: 30, bottom: height, fromMs, toMs }
}

/** A picture of its parts. */
export function draw(width: number, height: number, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img">\n${parts.join('\n')}\n</svg>`
}

function xOf({ left, right, fromMs, toMs }: Frame, atMs: number): number {
  return round(left + ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * (right - left))
}

/** Minutes (or seconds, in a short run) along the bottom. */
export function timeAxis(frame: Frame): string {
  const totalMs = frame.toMs - frame.fromMs
  const stepMs =
    [5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000].find(
      (step) => totalMs / step <= 12,
    ) ?? 7_200_000
  const marks = Array.from({ length: Math.floor(totalMs / stepMs) + 1 }, (_, index) => {
    const x = xOf(frame, frame.fromMs + index * stepMs)
    const label = stepMs < 60_000 ? `${(index * stepMs) / 1_000} s` : `${(index * stepMs) / 60_000} min`
    return `<line x1="${x}" x2="${x}" y1="${frame.bottom}" y2="${frame.bottom + 4}" stroke="#8a96a1"/><text x="${x}" y="${frame.bottom + 18}" text-anchor="middle">${label}</text>`
  })
  return `<line x1="${frame.left}" x2="${frame.right}" y1="${frame.bottom}" y2="${frame.bottom}" stroke="#8a96a1"/>${marks.join('')}`
}

/** A fault behind a chart. */
export function band(frame: Frame, name: string, fromMs: number, toMs: number): string {
  const x = xOf(frame, fromMs)
  const width = Math.max(1, xOf(frame, toMs) - x)
  return `<rect x="${x}" y="${frame.top}" width="${width}" height="${frame.bottom - frame.top}" fill="#d98c2b" opacity=".13"><title>${name}</title></rect>`
}

/** Layers upon each other: together they are the whole. */
export function stackChart(
  frame: Frame,
  layers: readonly { name: string; colour: string; values: readonly number[] }[],
): string {
  const count = layers[0]?.values.length ?? 0
  const sums = Array.from({ length: count }, (_, index) =>
    layers.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  )
  const most = niceAbove(sums.reduce((largest, sum) => Math.max(largest, sum), 1))
  const y = (value: number) => round(frame.bottom - (value / most) * (frame.bottom - frame.top))
  const x = (index: number) =>
    round(frame.left + (index / Math.max(1, count - 1)) * (frame.right - frame.left))
  const below = Array.from({ length: count }, () => 0)
  const areas = layers.map(({ name, colour, values }) => {
    const lower = below.map((value, index) => `${x(index)},${y(value)}`)
    for (const [index, value] of values.entries()) below[index] = (below[index] ?? 0) + value
    const upper = below.map((value, index) => `${x(index)},${y(value)}`)
    return `<polygon points="${[...upper, ...lower.toReversed()].join(' ')}" fill="${colour}"><title>${name}</title></polygon>`
  })
  const grid = [0.5, 1].map((share) => gridLine(frame, y(most * share), String(most * share)))
  return [...grid, ...areas, legend(frame, layers)].join('\n')
}

/** Curves of milliseconds, from one to ten thousand, each line ten times the one below. */
export function lineChart(
  frame: Frame,
  curves: readonly { name: string; colour: string; points: readonly { atMs: number; ms: number }[] }[],
): string {
  const decades = 4
  const y = (ms: number) =>
    round(frame.bottom - (Math.min(decades, Math.log10(ms)) / decades) * (frame.bottom - frame.top))
  const grid = [10, 100, 1_000, 10_000].map((ms) =>
    gridLine(frame, y(ms), ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`),
  )
  const lines = curves.map(({ name, colour, points }) => {
    const path = points.map(({ atMs, ms }) => `${xOf(frame, atMs)},${y(ms)}`)
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.4"><title>${name}</title></polyline>`
  })
  return [...grid, ...lines, legend(frame, curves)].join('\n')
}

/** One lane for each kind of fault, with a mark for each time that it was on. */
export function laneChart(
  frame: Frame,
  lanes: readonly { name: string; spans: readonly { fromMs: number; toMs: number }[] }[],
): string {
  return lanes
    .map(({ name, spans }, index) => {
      const y = frame.top + index * 11
      const marks = spans.map(({ fromMs, toMs }) => {
        const x = xOf(frame, fromMs)
        return `<rect x="${x}" y="${y}" width="${Math.max(1.5, xOf(frame, toMs) - x)}" height="8" fill="#d98c2b"/>`
      })
      return `<text x="${frame.left - 8}" y="${y + 8}" text-anchor="end" style="font-size:10px">${name}</text>
<line x1="${frame.left}" x2="${frame.right}" y1="${y + 4}" y2="${y + 4}" stroke="#edeae3"/>${marks.join('')}`
    })
    .join('\n')
}

function gridLine(frame: Frame, y: number, label: string): string {
  return `<line x1="${frame.left}" x2="${frame.right}" y1="${y}" y2="${y}" stroke="#dfe3e6"/><text x="${frame.left - 8}" y="${y + 4}" text-anchor="end">${label}</text>`
}

function legend(frame: Frame, items: readonly { name: string; colour: string }[]): string {
  return items
    .map(({ name, colour }, index) => {
      const x = frame.left + index * 220
      return `<rect x="${x}" y="6" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="16">${name}</text>`
    })
    .join('')
}

function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= value) ?? 10
  return step * power
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
