import type { Branch } from './spans.ts'

const WIDTH = 1_000
const ROW = 17
const HEAD = 44
const NAMES = 370
const RIGHT = 70
const SERVICES = ['order', 'inventory']

/** A trace as a picture: a line for each span, as they began, further in than the one that caused it, and a bar. */
export function drawn(tree: Branch, title: string): string {
  const lines = linesOf(tree, 0).sort((one, other) =>
    Number(one.branch.span.startedAtNanos - other.branch.span.startedAtNanos),
  )
  const begin = tree.span.startedAtNanos
  const millisOf = (nanos: bigint) => Number(nanos - begin) / 1e6
  const lastsMs = Math.max(...lines.map(({ branch: { span } }) => millisOf(span.endedAtNanos)))
  const scale = (WIDTH - NAMES - RIGHT) / lastsMs
  const rows = lines.map(({ branch: { span }, depth }, index) => {
    const y = HEAD + index * ROW
    const x = NAMES + millisOf(span.startedAtNanos) * scale
    const tookMs = millisOf(span.endedAtNanos) - millisOf(span.startedAtNanos)
    const width = Math.max(tookMs * scale, 1.5)
    const kind = `${SERVICES.includes(span.service) ? span.service : 'other'}${span.failed ? ' failed' : ''}`
    return [
      `<text x="${10 + depth * 13}" y="${y + 12}">${escaped(span.name)}</text>`,
      `<rect class="${kind}" x="${x.toFixed(1)}" y="${y + 3}" width="${width.toFixed(1)}" height="11" rx="2"/>`,
      `<text class="time" x="${(x + width + 4).toFixed(1)}" y="${y + 12}">${tookMs.toFixed(1)} ms</text>`,
    ].join('')
  })
  const height = HEAD + lines.length * ROW + 10
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
<style>
text { font: 11px system-ui, sans-serif; fill: #1f2328 } .time { fill: #59636e; font-size: 10px }
.back { fill: #ffffff } .title { font-weight: 600; font-size: 13px }
.order { fill: #3b6fd4 } .inventory { fill: #2c8a57 } .other { fill: #8a6d2c } .failed { fill: #c93c37 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .time { fill: #9198a1 } .back { fill: #0d1117 }
.order { fill: #6c9bf5 } .inventory { fill: #4fb981 } .other { fill: #c9a227 } .failed { fill: #f47067 }
}
</style>
<rect class="back" width="${WIDTH}" height="${height}"/>
<text class="title" x="10" y="20">${escaped(title)}</text>
<rect class="order" x="${WIDTH - 250}" y="11" width="11" height="11" rx="2"/><text x="${WIDTH - 234}" y="20">order</text>
<rect class="inventory" x="${WIDTH - 190}" y="11" width="11" height="11" rx="2"/><text x="${WIDTH - 174}" y="20">inventory</text>
<rect class="failed" x="${WIDTH - 110}" y="11" width="11" height="11" rx="2"/><text x="${WIDTH - 94}" y="20">failed</text>
${rows.join('\n')}
</svg>
`
}

type Line = { branch: Branch; depth: number }

function linesOf(branch: Branch, depth: number): Line[] {
  return [{ branch, depth }, ...branch.caused.flatMap((one) => linesOf(one, depth + 1))]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
