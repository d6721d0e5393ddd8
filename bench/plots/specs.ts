import type { Config, TopLevelSpec } from 'vega-lite'
import type { Results } from '../results.ts'

const FONT = 'system-ui, -apple-system, "Segoe UI", sans-serif'

function theme({ ink, quiet, line }: Record<'ink' | 'quiet' | 'line', string>): Config {
  return {
    aria: false,
    background: 'transparent',
    font: FONT,
    view: { stroke: null },
    title: { color: ink, anchor: 'start', fontSize: 15, subtitleColor: quiet, subtitleFontSize: 12 },
    axis: {
      labelColor: quiet,
      titleColor: quiet,
      domain: false,
      ticks: false,
      gridColor: line,
      labelLimit: 320,
    },
    legend: { labelColor: quiet, titleColor: quiet },
    text: { color: ink },
    range: { category: { scheme: 'tableau10' } },
  }
}

/** The pictures exist for readers of light and of dark pages. */
export const THEMES = {
  light: theme({ ink: '#1f2328', quiet: '#59636e', line: '#d8dee4' }),
  dark: theme({ ink: '#f0f6fc', quiet: '#9198a1', line: '#30363d' }),
} as const

/** How many times as much as the other commit each row does in a second. */
export function times({ against, rows }: Results): TopLevelSpec {
  const values = rows.flatMap(({ name, other }) => (other ? [{ name, times: other.ratio }] : []))
  const y = { field: 'name', type: 'nominal', sort: null, title: null } as const
  return {
    title: {
      text: 'Times as many in a second',
      subtitle: `as commit ${against?.slice(0, 7)}, measured in turn with it; medians`,
    },
    width: 420,
    data: { values },
    encoding: { y, x: { field: 'times', type: 'quantitative', title: null, scale: { domainMin: 0 } } },
    layer: [
      { mark: { type: 'bar', color: '#2f81f7', cornerRadiusEnd: 3 } },
      {
        mark: { type: 'text', align: 'left', dx: 4 },
        encoding: { text: { field: 'times', type: 'quantitative', format: '.2f' } },
      },
    ],
  }
}

/** What one operation of each row costs each process. */
export function costs({ rows }: Results): TopLevelSpec {
  const values = rows.flatMap(({ name, bazaar }) =>
    Object.entries(bazaar.cpuMicrosOf).map(([process, micros]) => ({ name, process, ms: micros / 1_000 })),
  )
  return {
    title: { text: 'CPU of one operation', subtitle: 'the share of each process' },
    width: 420,
    data: { values },
    mark: { type: 'bar' },
    encoding: {
      y: { field: 'name', type: 'nominal', sort: null, title: null },
      x: { field: 'ms', type: 'quantitative', title: null, stack: 'normalize', axis: { format: '%' } },
      color: { field: 'process', type: 'nominal', title: null, sort: null },
    },
  }
}
