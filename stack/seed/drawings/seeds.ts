import {
  circle,
  clipped,
  dark,
  ellipse,
  group,
  light,
  linear,
  lying,
  path,
  radial,
  rect,
  scatter,
  stroke,
  turned,
} from './kit.ts'
import { leaf } from './leaf.ts'
import { tabletop, wall } from './room.ts'

function flower(x: number, y: number, radius: number, petal: string, heart: string): string {
  return [
    ...Array.from({ length: 9 }, (_, index) =>
      turned(
        index * 40,
        [x, y],
        ellipse(
          x,
          y - radius * 0.62,
          radius * 0.24,
          radius * 0.44,
          linear(90, light(petal, 0.3), petal, dark(petal, 0.2)),
        ),
      ),
    ),
    circle(x, y, radius * 0.32, radial([38, 32], 75, light(heart, 0.5), heart, dark(heart, 0.35))),
  ].join('')
}

function poppy(x: number, y: number, radius: number): string {
  return [
    ...[0, 90, 180, 270].map((angle) =>
      turned(
        angle + 20,
        [x, y],
        path(
          `M${x} ${y}C${x - radius} ${y - radius * 0.5} ${x - radius * 0.7} ${y - radius * 1.1} ${x} ${y - radius}C${x + radius * 0.7} ${y - radius * 1.1} ${x + radius} ${y - radius * 0.5} ${x} ${y}Z`,
          radial([50, 90], 100, '#8e1b16', ['#d43a2a', 40], '#f0664c'),
        ),
      ),
    ),
    circle(x, y, radius * 0.24, '#2a2026'),
    ...scatter(10, radius).map(([a, b]) =>
      circle(x + (a - 0.5) * radius * 0.7, y + (b - 0.5) * radius * 0.7, 2, '#f0e2a8'),
    ),
  ].join('')
}

function meadow(): string {
  const stems = [
    [110, 420, 'd'],
    [200, 300, 'p'],
    [280, 400, 'c'],
    [360, 250, 'd'],
    [440, 370, 'p'],
    [520, 290, 'c'],
    [610, 400, 'd'],
    [330, 500, 'p'],
    [190, 500, 'c'],
    [480, 500, 'd'],
    [570, 520, 'p'],
    [90, 560, 'p'],
  ] as const
  return [
    ...scatter(70, 31).map(([x, y]) =>
      stroke(
        `M${x * 720} 730Q${x * 720 + (y - 0.5) * 60} ${600 - y * 160} ${x * 720 + (y - 0.5) * 130} ${480 - y * 200}`,
        y > 0.5 ? '#86ac62' : '#5f8a48',
        5,
      ),
    ),
    ...stems.map(([x, y]) => stroke(`M${x + 20} 730Q${x + 20} ${y + 150} ${x} ${y}`, '#4f7a3d', 7)),
    ...stems.flatMap(([x, y]) => [
      leaf(x + 13, y + 150, 80, -38, '#6c984c'),
      leaf(x + 13, y + 190, 84, 40, '#5a8640'),
    ]),
    ...stems.map(([x, y, kind]) =>
      kind === 'p'
        ? poppy(x, y, 52)
        : flower(x, y, 62, kind === 'd' ? '#fbf6ea' : '#5b7fd0', kind === 'd' ? '#f0b42c' : '#2f3f7c'),
    ),
  ].join('')
}

function seedPacket(): string {
  return turned(
    -9,
    [360, 360],
    lying(
      9,
      path(
        'M190 92L206 84L222 92L238 84L254 92L270 84L286 92L302 84L318 92L334 84L350 92L366 84L382 92L398 84L414 92L430 84L446 92L462 84L478 92L494 84L510 92V618H190Z',
        '#f6ecd4',
      ),
    ),
    clipped(
      'M206 128H494V602H206Z',
      rect([206, 128, 288, 474], linear(90, '#bfe0e6', '#e9f0d8')),
      group('translate(196 190) scale(0.43 0.6)', meadow()),
    ),
    rect([206, 128, 288, 474], 'none', 0, { stroke: '#4f7a3d', 'stroke-width': 3 }),
    path('M190 92H510V112H190Z', '#2a1c2e', { opacity: 0.08 }),
    rect([238, 150, 224, 84], '#fbf5e2', 6, { stroke: '#4f7a3d', 'stroke-width': 3 }),
    `<text x="350" y="188" font-family="DejaVu Serif, Georgia, serif" font-size="27" letter-spacing="3" text-anchor="middle" fill="#3d6230">MEADOW</text>`,
    `<text x="350" y="217" font-family="DejaVu Serif, Georgia, serif" font-size="17" letter-spacing="2" text-anchor="middle" fill="#6d8a5b">24 wild flowers</text>`,
    path(
      'M190 92H510V618H190Z',
      linear(20, ['#ffffff', 0, 0.35], ['#ffffff', 40, 0], ['#2a1c2e', 100, 0.14]),
    ),
  )
}

function looseSeeds(): string {
  return scatter(46, 14)
    .map(([x, y], index) => {
      const [cx, cy] = [500 + x * 190 - y * 60, 470 + y * 210]
      return turned(
        x * 360,
        [cx, cy],
        ellipse(cx + 2, cy + 3, 8, 4.5, '#2a1c2e', { opacity: 0.3 }),
        ellipse(cx, cy, 8, 4.5, ['#6a4a2e', '#b98c54', '#3f3028', '#d8bc86'][index % 4] ?? '#6a4a2e'),
      )
    })
    .join('')
}

/** Wildflower seeds, by file name of the picture. */
export const seedDrawings = {
  'wildflower-seeds': () => tabletop({ wall: '#d9b48c', floor: '#dcbb94' }, looseSeeds(), seedPacket()),
  'wildflower-seeds-in-bloom': () => wall({ wall: '#b8d8e4', floor: '#a3bccb' }, meadow()),
} as const
