import type { StockMovement } from '@bazaar/client'

const [WIDTH, HEIGHT, EDGE] = [400, 80, 4]

/** How the stock went, from the oldest movement to the newest. The table beside it says the same in figures. */
export function StockChart({ movements }: { movements: readonly StockMovement[] }) {
  if (movements.length < 2) return null
  const counts = movements.map(({ stockAfter }) => stockAfter).toReversed()
  const most = Math.max(1, ...counts)
  const points = counts.map((count, index) => {
    const x = EDGE + (index / (counts.length - 1)) * (WIDTH - 2 * EDGE)
    const y = HEIGHT - EDGE - (count / most) * (HEIGHT - 2 * EDGE)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  )
}
