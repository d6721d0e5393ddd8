import {
  ball,
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  light,
  linear,
  path,
  radial,
  standing,
  stroke,
  turned,
} from './kit.ts'
import { rooms, table } from './room.ts'

function yarnBall(cx: number, cy: number, radius: number, wool: string): string {
  const strands = (angle: number, count: number, bend: number, tone: string) =>
    turned(
      angle,
      [cx, cy],
      ...Array.from({ length: count }, (_, index) => {
        const y = cy - radius + ((index + 0.5) * radius * 2) / count
        return stroke(`M${cx - radius} ${y}Q${cx} ${y - bend} ${cx + radius} ${y}`, tone, 4, {
          opacity: 0.55,
        })
      }),
    )
  const outline = `M${cx - radius} ${cy}a${radius} ${radius} 0 1 0 ${radius * 2} 0a${radius} ${radius} 0 1 0 ${-radius * 2} 0Z`
  const patch = (angle: number) =>
    turned(
      angle,
      [cx, cy],
      ellipse(cx, cy - radius * 0.3, radius * 0.86, radius * 0.5, light(wool, 0.1)),
      clipped(
        `M${cx - radius * 0.86} ${cy - radius * 0.3}a${radius * 0.86} ${radius * 0.5} 0 1 0 ${radius * 1.72} 0a${radius * 0.86} ${radius * 0.5} 0 1 0 ${-radius * 1.72} 0Z`,
        strands(0, 17, 26, dark(wool, 0.4)),
      ),
    )
  return [
    standing(cx, cy + radius - 4, radius * 0.72),
    clipped(
      outline,
      circle(cx, cy, radius, wool),
      strands(28, 15, 40, dark(wool, 0.45)),
      patch(-44),
      patch(70),
      patch(170),
      circle(
        cx,
        cy,
        radius,
        radial([34, 26], 80, ['#fff8ea', 0, 0.5], ['#fff8ea', 40, 0], ['#241a26', 100, 0.55]),
      ),
    ),
  ].join('')
}

function knittingWool(first: string, second: string, third: string): string {
  const needle = (x1: number, y1: number, x2: number, y2: number) =>
    stroke(`M${x1} ${y1}L${x2} ${y2}`, '#8a5f38', 13) +
    stroke(`M${x1 - 2} ${y1 - 2}L${x2 - 2} ${y2 - 2}`, '#e2b680', 5) +
    circle(x1, y1, 15, ball('#c9503a'))
  return [
    needle(610, 150, 300, 520),
    needle(520, 110, 420, 540),
    yarnBall(212, 470, 122, second),
    yarnBall(516, 482, 112, third),
    yarnBall(366, 500, 128, first),
    stroke('M440 600C500 650 560 610 600 640C640 664 670 640 700 660', dark(first, 0.3), 8),
    stroke('M440 598C500 647 560 607 600 637C640 661 670 637 700 657', light(first, 0.2), 4, {
      'stroke-dasharray': '7 4',
    }),
  ].join('')
}

function bear(): string {
  const wool = '#b9865a'
  const knit = (outline: string, box: readonly [x: number, y: number, width: number, height: number]) =>
    clipped(
      outline,
      faded(
        0.26,
        ...Array.from({ length: Math.floor(box[3] / 15) }, (_, row) =>
          Array.from({ length: Math.floor(box[2] / 17) }, (__, column) =>
            stroke(`M${box[0] + column * 17} ${box[1] + row * 15}l7 9l7 -9`, dark(wool, 0.6), 2.6),
          ).join(''),
        ),
      ),
    )
  const oval = (cx: number, cy: number, rx: number, ry: number) =>
    `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${rx * 2} 0a${rx} ${ry} 0 1 0 ${-rx * 2} 0Z`
  const part = (cx: number, cy: number, rx: number, ry: number) =>
    ellipse(cx, cy, rx, ry, radial([36, 28], 80, light(wool, 0.35), [wool, 50], [dark(wool, 0.42), 100])) +
    knit(oval(cx, cy, rx, ry), [cx - rx, cy - ry, rx * 2, ry * 2])
  return [
    standing(360, 604, 200),
    turned(24, [226, 420], part(226, 436, 48, 100)),
    turned(-24, [494, 420], part(494, 436, 48, 100)),
    part(360, 470, 138, 138),
    part(256, 150, 54, 54),
    part(464, 150, 54, 54),
    circle(256, 154, 29, dark('#e3b78f', 0.08)),
    circle(464, 154, 29, dark('#e3b78f', 0.08)),
    part(360, 236, 146, 126),
    ellipse(360, 282, 66, 52, radial([40, 30], 80, '#f9e7cb', '#e6c49c')),
    path('M338 262Q360 250 382 262Q378 286 360 290Q342 286 338 262Z', '#3a2622'),
    ellipse(352, 264, 8, 4, '#a58a82', { opacity: 0.8 }),
    stroke('M360 290V306M360 306Q344 322 330 310M360 306Q376 322 390 310', '#3a2622', 4.5),
    ...[304, 416].map(
      (x) =>
        circle(x, 224, 15, radial([36, 30], 75, '#5a4a4c', '#17100f')) + circle(x - 4, 219, 4.5, '#ffffff'),
    ),
    faded(0.35, blurred(8, circle(274, 274, 24, '#e0705a'), circle(446, 274, 24, '#e0705a'))),
    path(
      'M238 336C300 376 420 376 482 336L488 372C420 416 300 416 232 372Z',
      linear(90, '#d0523c', '#a53626'),
    ),
    path('M414 372L452 506L404 512L382 386Z', linear(20, '#d8604a', '#a03424')),
    ...[0, 1, 2, 3].map((row) =>
      stroke(`M${392 + row * 6} ${414 + row * 26}L${428 + row * 6.5} ${408 + row * 26}`, '#f3ddb8', 5),
    ),
    ...[0, 1, 2, 3, 4].map((fringe) => stroke(`M${408 + fringe * 10} 511l2 22`, '#a53626', 5)),
    part(236, 566, 82, 54),
    part(484, 566, 82, 54),
    ellipse(214, 572, 40, 34, radial([40, 30], 80, '#f4dbb9', '#dcb488')),
    ellipse(506, 572, 40, 34, radial([40, 30], 80, '#f4dbb9', '#dcb488')),
  ].join('')
}

/** Wool, and what is knitted of it, by file name of the picture. */
export const knittingDrawings = {
  'knitting-wool-heather': () => table(rooms.blush, knittingWool('#8a5a83', '#c88a9a', '#5f6f95')),
  'knitting-wool-moorland': () => table(rooms.cream, knittingWool('#5f7d55', '#c99a3f', '#9a5a3c')),
  'knitted-bear': () => table(rooms.lilac, bear()),
} as const
