import {
  ball,
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  group,
  lathe,
  light,
  linear,
  lying,
  metal,
  path,
  radial,
  rect,
  round,
  scatter,
  standing,
  stroke,
  through,
  turned,
} from './kit.ts'
import { rooms, table, tabletop } from './room.ts'

function kettle(enamel: string): string {
  const body = lathe(350, [
    [300, 92],
    [330, 118],
    [420, 150],
    [520, 166],
    [572, 152],
  ])
  return [
    standing(350, 590, 168),
    stroke('M250 330C170 90 530 90 450 330', '#5b5a5c', 13),
    stroke('M246 322C166 86 526 86 446 322', '#c9c8c6', 5),
    stroke('M282 165C330 138 372 138 420 165', '#7b4a2c', 30),
    stroke('M286 160C332 136 370 136 414 160', '#b87a4b', 12),
    path(
      'M470 440C545 420 560 350 572 306L612 300C606 390 580 500 490 520Z',
      linear(20, light(enamel, 0.3), enamel, dark(enamel, 0.4)),
    ),
    ellipse(593, 303, 21, 7, '#2b2530', { transform: 'rotate(-8 593 303)' }),
    path(body, round(enamel, 0.5)),
    clipped(
      body,
      rect([170, 556, 360, 50], '#2f2a33', 0, { opacity: 0.55 }),
      blurred(
        9,
        path('M242 350C216 420 210 480 218 545L246 548C238 480 246 420 270 350Z', '#ffffff', {
          opacity: 0.6,
        }),
      ),
    ),
    ellipse(350, 304, 100, 22, linear(0, light(enamel, 0.3), dark(enamel, 0.35))),
    path('M256 298C270 262 430 262 444 298C420 314 280 314 256 298Z', round(enamel, 0.55)),
    stroke('M256 298C280 314 420 314 444 298', '#2f2a33', 5),
    rect([338, 238, 24, 30], metal('#9a9a9c'), 4),
    circle(350, 232, 19, ball('#7b4a2c')),
  ].join('')
}

function skillet(): string {
  return lying(
    13,
    turned(
      -32,
      [360, 360],
      path(
        'M520 322C570 330 620 326 680 320C708 318 722 340 722 360C722 380 708 402 680 400C620 394 570 390 520 398Z',
        linear(90, '#5a5658', '#353236', '#232024'),
      ),
      circle(320, 360, 232, linear(50, '#6b676a', '#3a373b', '#1e1b20')),
      path('M276 138C296 116 344 116 364 138L340 150H300Z', '#4d494d'),
      path('M276 582C296 604 344 604 364 582L340 570H300Z', '#232024'),
      ellipse(688, 360, 14, 17, '#8a6a52'),
      ellipse(690, 362, 12, 15, '#b98d6c'),
      circle(320, 360, 214, linear(50, '#1d1a1e', '#2d2a2e', '#5a5659')),
      circle(322, 362, 202, radial([36, 30], 80, '#56525a', '#343136', '#211e23')),
      faded(
        0.2,
        ...[180, 150, 118, 84, 50].map((radius) =>
          circle(322, 362, radius, 'none', { stroke: '#8d888d', 'stroke-width': 2.5 }),
        ),
      ),
      faded(
        0.35,
        blurred(10, path('M170 300C200 220 270 180 340 176L330 206C270 212 220 246 196 312Z', '#f4ece0')),
      ),
      group(
        'translate(330 372) rotate(24)',
        path(
          through(
            [
              [-108, -14],
              [-70, -74],
              [-8, -70],
              [44, -104],
              [98, -56],
              [92, 8],
              [116, 62],
              [52, 92],
              [-10, 72],
              [-66, 92],
              [-78, 40],
            ],
            true,
          ),
          radial([44, 40], 65, '#fffdf6', '#fdf6e4', '#eddcae'),
        ),
        blurred(5, ellipse(8, 6, 50, 47, '#b98a3a', { opacity: 0.5 })),
        circle(0, -4, 45, radial([36, 30], 75, '#ffd65c', '#f7a81f', '#dd7f0d')),
        ellipse(-15, -22, 13, 8, '#fff3c4', { opacity: 0.85, transform: 'rotate(-30 -15 -22)' }),
      ),
      ...scatter(22, 5).map(([x, y]) =>
        circle(265 + x * 130, 300 + y * 140, 2.2, '#3a3034', { opacity: 0.7 }),
      ),
    ),
  )
}

/** What stands on the stove, by file name of the picture. */
export const stoveDrawings = {
  'enamel-kettle-tomato': () => table(rooms.cream, kettle('#cf4a35')),
  'enamel-kettle-cream': () => table(rooms.mint, kettle('#f0e6d0')),
  'iron-skillet': () => tabletop({ wall: '#caa98e', floor: '#d8b595' }, skillet()),
} as const
