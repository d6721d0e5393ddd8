import {
  blurred,
  circle,
  clipped,
  ellipse,
  faded,
  lathe,
  linear,
  path,
  radial,
  rect,
  round,
  scatter,
  standing,
  stroke,
  turned,
} from './kit.ts'
import { rooms, table } from './room.ts'

function coffeeBean(x: number, y: number, angleDegrees: number): string {
  return turned(
    angleDegrees,
    [x, y],
    ellipse(x + 3, y + 6, 19, 12, '#2a1c2e', { opacity: 0.3 }),
    ellipse(x, y, 19, 13, radial([36, 28], 75, '#8f5c36', '#5a3319', '#371c0c')),
    stroke(`M${x - 17} ${y}C${x - 6} ${y - 7} ${x + 6} ${y + 7} ${x + 17} ${y}`, '#2a1508', 2.5),
  )
}

function pourOver(): string {
  const carafe =
    'M296 330H404C404 372 408 386 430 416C470 466 486 500 480 540C476 574 450 592 420 594H280C250 592 224 574 220 540C214 500 230 466 270 416C292 386 296 372 296 330Z'
  const cone = 'M212 158H488L398 322C396 330 390 334 382 334H318C310 334 304 330 302 322Z'
  return [
    standing(352, 592, 132),
    path(
      carafe,
      linear(0, ['#bcd0d4', 0, 0.75], ['#f4fafa', 22, 0.55], ['#dbe8ea', 60, 0.4], ['#9db5bb', 100, 0.8]),
    ),
    clipped(
      carafe,
      rect([200, 478, 300, 130], linear(0, '#2b1207', '#6a3415', '#431d0a', '#220d04')),
      ellipse(350, 478, 126, 18, linear(0, '#58290f', '#94552a', '#4e240e')),
      blurred(
        7,
        path('M254 460C236 490 232 530 244 566L264 568C254 530 258 494 280 462Z', '#ffffff', {
          opacity: 0.55,
        }),
      ),
    ),
    path(carafe, 'none', { stroke: '#8fa9af', 'stroke-width': 4, opacity: 0.8 }),
    stroke('M420 404C500 392 540 440 516 498C506 522 490 534 474 538', '#a8c2c8', 17, { opacity: 0.75 }),
    stroke('M424 402C498 392 534 438 512 494', '#f2f8f8', 5, { opacity: 0.9 }),
    path('M286 336H414L408 384H292Z', round('#a86f3f', 0.3)),
    stroke('M288 360H412', '#6b3d1c', 7),
    circle(350, 362, 9, '#e6c9a0'),
    path('M238 144H462L384 300H316Z', '#f6eddc'),
    path(cone, round('#f4efe6', 0.8)),
    ellipse(350, 158, 138, 28, linear(0, '#ffffff', '#e4dccf')),
    ellipse(350, 160, 126, 23, linear(0, '#cdbfa9', '#efe4d2')),
    ellipse(350, 166, 104, 16, radial([50, 50], 60, '#6d4020', '#3c1e0c')),
    ...[0, 1, 2, 3, 4].map((index) =>
      stroke(`M${262 + index * 44} 204L${316 + index * 17} 318`, '#d6cbb9', 4, { opacity: 0.8 }),
    ),
    rect([282, 322, 136, 17], round('#e9e2d6', 0.6), 8),
    ...[
      [196, 620, 20],
      [166, 602, -40],
      [226, 640, 70],
      [546, 616, 10],
      [576, 634, -60],
    ].map(([x = 0, y = 0, angle = 0]) => coffeeBean(x, y, angle)),
  ].join('')
}

function spices(): string {
  return [
    ...[
      [536, 606, 0],
      [566, 590, 1],
      [598, 612, 2],
      [556, 632, 3],
    ].map(([x = 0, y = 0, index = 0]) =>
      circle(x, y, 8 + (index % 2) * 2, radial([34, 28], 80, '#6d5a52', '#2d211f')),
    ),
    turned(
      -12,
      [150, 610],
      path('M84 614C108 570 166 566 210 604C170 640 116 640 84 614Z', linear(80, '#8cb65c', '#4d7a30')),
      stroke('M92 614C130 604 170 600 204 604', '#b5d68a', 3),
    ),
  ].join('')
}

function mortar(): string {
  const bowl = lathe(340, [
    [330, 182],
    [380, 180],
    [450, 160],
    [508, 122],
    [536, 104],
    [558, 112],
    [580, 130],
  ])
  const veins = [
    'M170 380C230 400 260 450 330 440C400 430 430 480 500 460',
    'M210 340C240 360 300 350 340 380C400 420 460 380 520 410',
    'M240 520C300 500 350 540 420 510',
    'M400 340C420 380 410 430 450 470',
  ]
  return [
    standing(342, 600, 130),
    path(bowl, round('#d9d8d6', 0.75)),
    clipped(
      bowl,
      faded(0.5, blurred(2, ...veins.map((vein, index) => stroke(vein, '#8c8f98', 4 + (index % 2) * 4)))),
      ...veins.map((vein) => stroke(vein, '#757a85', 1.6, { opacity: 0.7 })),
      blurred(
        9,
        path('M204 370C206 430 230 480 266 510L284 500C250 470 232 430 232 372Z', '#ffffff', {
          opacity: 0.8,
        }),
      ),
    ),
    ellipse(340, 332, 182, 46, linear(0, '#ffffff', '#e2e1df', '#b9b9bd')),
    ellipse(340, 337, 160, 36, linear(0, '#85868d', '#a9aab0', '#d5d5d5')),
    clipped(
      'M180 337A160 36 0 0 0 500 337A160 36 0 0 0 180 337Z',
      ellipse(340, 360, 130, 30, radial([40, 30], 70, '#8fae4b', '#5f8230', '#44611f')),
      ...scatter(60, 11).map(([x, y]) =>
        circle(230 + x * 220, 342 + y * 26, 2 + x * 4, y > 0.5 ? '#b7cf6c' : '#3f5d1d'),
      ),
    ),
    turned(
      34,
      [400, 300],
      path(
        'M376 108C376 84 424 84 424 108C428 180 430 250 440 318C440 372 360 372 360 318C370 250 372 180 376 108Z',
        round('#e2e1df', 0.8),
      ),
      faded(0.5, stroke('M384 130C410 170 390 220 420 270', '#868a94', 2.5)),
    ),
    path('M230 362A160 36 0 0 0 450 362C440 376 400 374 340 374C290 374 250 374 230 362Z', '#5f8230', {
      opacity: 0.9,
    }),
    spices(),
  ].join('')
}

/** Coffee maker and mortar, by file name of the picture. */
export const coffeeAndSpiceDrawings = {
  'pour-over-set': () => table(rooms.mint, pourOver()),
  'marble-mortar': () => table(rooms.peach, mortar()),
} as const
