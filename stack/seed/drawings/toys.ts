import {
  ball,
  blurred,
  circle,
  dark,
  ellipse,
  faded,
  light,
  linear,
  lying,
  path,
  radial,
  rect,
  round,
  standing,
  stroke,
  through,
  turned,
} from './kit.ts'
import { rooms, table, wall } from './room.ts'

function wheel(cx: number, cy: number, radius: number, colour: string): string {
  return [
    circle(cx + 5, cy + 3, radius, dark(colour, 0.55)),
    circle(cx, cy, radius, radial([38, 32], 78, light(colour, 0.35), colour, dark(colour, 0.35))),
    circle(cx, cy, radius * 0.72, 'none', { stroke: dark(colour, 0.35), 'stroke-width': 3, opacity: 0.6 }),
    circle(cx, cy, radius * 0.26, ball('#e5c08c')),
  ].join('')
}

function block(
  box: readonly [x: number, y: number, width: number, height: number],
  colour: string,
  radius = 12,
): string {
  const [x, y, width, _height] = box
  return [
    rect(box, linear(70, light(colour, 0.3), colour, dark(colour, 0.28)), radius),
    rect([x + 8, y + 5, width - 16, 6], light(colour, 0.65), 3, { opacity: 0.65 }),
  ].join('')
}

function train(): string {
  const beech = '#e0b87f'
  return [
    standing(226, 600, 140),
    standing(532, 600, 112),
    stroke('M346 556H430', '#8a5f38', 12),
    circle(388, 556, 13, ball('#c9503a')),
    block([426, 520, 222, 46], '#3f6f8f'),
    block([440, 430, 92, 92], '#dca23a', 8),
    block([544, 458, 84, 64], '#6f9464', 8),
    path('M446 430L486 372L526 430Z', linear(60, '#df6a52', '#a93a2a')),
    `<text x="486" y="496" font-family="DejaVu Serif, Georgia, serif" font-size="52" text-anchor="middle" fill="#fff3da">A</text>`,
    `<text x="586" y="508" font-family="DejaVu Serif, Georgia, serif" font-size="44" text-anchor="middle" fill="#fff3da">B</text>`,
    wheel(474, 574, 36, '#c9503a'),
    wheel(600, 574, 36, '#c9503a'),
    block([70, 506, 284, 56], beech),
    path(
      'M196 400H320C338 400 346 410 346 426V508H196Z',
      linear(90, light('#c9503a', 0.4), '#c9503a', dark('#c9503a', 0.4)),
    ),
    block([76, 330, 132, 178], '#2f6b57', 10),
    rect([100, 366, 84, 72], linear(40, '#bfe0e6', '#e9f4f2'), 10),
    stroke('M142 366V438', '#2f6b57', 6),
    path('M56 334Q142 286 228 334V346H56Z', linear(90, light('#dca23a', 0.4), dark('#dca23a', 0.2))),
    path('M276 402L270 318H322L316 402Z', round('#3a3540', 0.3)),
    ellipse(296, 318, 32, 9, linear(0, '#77707d', '#2a2530')),
    ellipse(296, 319, 22, 6, '#17131a'),
    circle(236, 396, 17, ball('#dca23a')),
    circle(346, 462, 22, ball('#f2d27a')),
    blurred(
      6,
      circle(296, 262, 26, '#ffffff', { opacity: 0.85 }),
      circle(262, 214, 34, '#ffffff', { opacity: 0.7 }),
      circle(210, 160, 44, '#ffffff', { opacity: 0.55 }),
    ),
    wheel(128, 568, 48, '#dca23a'),
    wheel(262, 578, 38, '#dca23a'),
    wheel(330, 584, 30, '#dca23a'),
  ].join('')
}

function stackingRings(): string {
  const colours = ['#7d5ba6', '#3f6f8f', '#4f9a8a', '#8fb14d', '#eba52b', '#e0662b', '#c93a31']
  const rings = [...colours].reverse().map((colour, index) => {
    const [half, y] = [150 - index * 15, 536 - index * 48]
    return (
      path(
        `M${356 - half} ${y}C${334 - half} ${y - 6} ${334 - half} ${y - 50} ${356 - half} ${y - 54}H${364 + half}C${386 + half} ${y - 50} ${386 + half} ${y - 6} ${364 + half} ${y}Q360 ${y + half * 0.2} ${356 - half} ${y}Z`,
        round(colour, 0.5),
      ) + ellipse(360, y - 53, half - 4, (half - 4) * 0.13, light(colour, 0.25), { opacity: 0.7 })
    )
  })
  return [
    standing(362, 602, 172),
    path('M180 556Q360 610 540 556V580Q360 634 180 580Z', round('#d6a669', 0.35)),
    ellipse(360, 556, 180, 34, linear(0, '#f0cf9d', '#d0a064')),
    rect([346, 130, 28, 110], round('#d6a669')),
    ...rings,
    circle(360, 158, 44, ball('#dca23a')),
  ].join('')
}

function cloud(x: number, y: number, size: number): string {
  return faded(
    0.75,
    blurred(
      7,
      ...[
        [0, 0, 1],
        [0.9, 0.16, 0.8],
        [-0.9, 0.2, 0.7],
        [0.3, 0.3, 0.9],
      ].map(([dx = 0, dy = 0, r = 1]) => circle(x + dx * size, y + dy * size, r * size, '#ffffff')),
    ),
  )
}

function kite(): string {
  const tail = through([
    [304, 518],
    [352, 566],
    [306, 614],
    [362, 660],
    [326, 735],
  ])
  return [
    cloud(120, 560, 56),
    cloud(610, 130, 50),
    cloud(600, 600, 38),
    stroke(tail, '#f3ead2', 4),
    ...[
      [344, 556, 40],
      [316, 606, -30],
      [358, 656, 35],
    ].map(([x = 0, y = 0, angle = 0], index) =>
      turned(
        angle,
        [x, y],
        path(
          `M${x} ${y}L${x - 34} ${y - 19}V${y + 19}ZM${x} ${y}L${x + 34} ${y - 19}V${y + 19}Z`,
          ['#dca23a', '#c9503a', '#3f6f8f'][index] ?? '#dca23a',
        ),
      ),
    ),
    stroke('M340 300C250 420 160 560 60 740', '#f7f2e4', 2.5),
    lying(
      10,
      turned(
        14,
        [360, 300],
        path('M360 60L556 250L360 530L164 250Z', '#f3ead2'),
        path('M360 60L164 250H360Z', linear(50, '#e8654c', '#c2412c')),
        path('M360 60L556 250H360Z', linear(50, '#f3bd4a', '#d9952a')),
        path('M164 250H360V530Z', linear(50, '#3b8a86', '#256663')),
        path('M556 250H360V530Z', linear(50, '#e9dcc0', '#c6b48e')),
        path('M360 170L440 250L360 364L280 250Z', linear(40, '#2f4f73', '#20375a')),
        circle(360, 256, 36, radial([38, 32], 75, '#fff3cf', '#f3bd4a')),
        stroke('M360 60V530M164 250H556', '#7a5636', 5, { opacity: 0.75 }),
        path(
          'M360 60L556 250L360 530L164 250Z',
          linear(20, ['#ffffff', 0, 0.3], ['#ffffff', 50, 0], ['#1f1422', 100, 0.14]),
        ),
      ),
    ),
  ].join('')
}

/** Wooden toys and a kite, by file name of the picture. */
export const toyDrawings = {
  'wooden-train': () => table(rooms.butter, train()),
  'stacking-rings': () => table(rooms.sky, stackingRings()),
  'diamond-kite': () => wall({ wall: '#8fc0dc', floor: '#8fc0dc' }, kite()),
} as const
