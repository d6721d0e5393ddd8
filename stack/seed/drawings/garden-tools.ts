import {
  circle,
  clipped,
  dark,
  ellipse,
  group,
  lathe,
  light,
  linear,
  lying,
  metal,
  path,
  radial,
  round,
  scatter,
  standing,
  stroke,
  turned,
} from './kit.ts'
import { leaf } from './leaf.ts'
import { rooms, table, tabletop } from './room.ts'

function wateringCan(colour: string): string {
  const body = lathe(300, [
    [318, 112],
    [350, 118],
    [450, 128],
    [560, 138],
    [576, 134],
  ])
  return [
    standing(306, 592, 142),
    stroke('M210 350C80 330 70 500 176 520', dark(colour, 0.45), 22),
    stroke('M208 347C84 330 74 494 174 514', light(colour, 0.3), 9),
    stroke('M404 336L512 350', dark(colour, 0.35), 13),
    stroke('M404 334L510 347', light(colour, 0.35), 5),
    path('M398 470L600 250L622 268L420 560Z', linear(40, light(colour, 0.6), colour, dark(colour, 0.45))),
    path('M574 214L664 282L640 318L586 276L562 262Z', metal(colour)),
    turned(
      37,
      [622, 246],
      ellipse(622, 246, 62, 19, linear(0, light(colour, 0.5), dark(colour, 0.2)), {}),
      ...[-2, -1, 0, 1, 2].flatMap((row) =>
        [-4, -3, -2, -1, 0, 1, 2, 3, 4]
          .filter((column) => (column / 5) ** 2 + (row / 3.2) ** 2 < 0.72)
          .map((column) => circle(622 + column * 12 + (row % 2) * 6, 246 + row * 6, 2, dark(colour, 0.72))),
      ),
    ),
    path(body, metal(colour)),
    clipped(
      body,
      ...[372, 386, 540].map((y) =>
        stroke(`M160 ${y - 6}Q300 ${y + 30} 440 ${y - 6}`, dark(colour, 0.4), 4, { opacity: 0.5 }),
      ),
      ...scatter(44, 17).map(([x, y]) =>
        path(`M${160 + x * 280} ${330 + y * 240}l${14 + y * 20} -10l10 18l-18 14Z`, light(colour, 0.7), {
          opacity: 0.14,
        }),
      ),
    ),
    stroke('M206 330C220 150 400 150 410 326', dark(colour, 0.5), 24),
    stroke('M204 328C220 154 398 152 406 322', light(colour, 0.35), 11),
    ellipse(300, 318, 112, 24, linear(0, light(colour, 0.7), colour, dark(colour, 0.3))),
    ellipse(300, 321, 99, 18, linear(0, dark(colour, 0.7), dark(colour, 0.4))),
    path('M188 318A112 24 0 0 0 412 318L417 348Q300 380 183 348Z', metal(colour)),
    stroke('M188 318A112 24 0 0 0 412 318', light(colour, 0.6), 4),
  ].join('')
}

function tool(blade: string, detail: string): string {
  return [
    path(blade, metal('#aeb6ba')),
    detail,
    path('M-14 196H14L11 262H-11Z', metal('#8d9499')),
    path('M-20 258H20L19 282H-19Z', metal('#b48a45')),
    path(
      'M-19 280C-30 330 -16 380 -24 430C-28 468 28 468 24 430C16 380 30 330 19 280Z',
      round('#b5763f', 0.45),
    ),
    stroke('M-12 300C-18 350 -8 390 -13 430', '#e0ad78', 4, { opacity: 0.7 }),
    circle(0, 440, 6, '#4b2f1b'),
    stroke('M0 440C-20 480 20 500 0 446', '#8a5a34', 4),
  ].join('')
}

function handTools(): string {
  const trowel = tool(
    'M0 -10C44 40 62 120 44 196Q0 220 -44 196C-62 120 -44 40 0 -10Z',
    stroke('M0 20V196', '#7d868b', 4, { opacity: 0.6 }),
  )
  const fork = tool(
    'M-50 -4C-46 -14 -40 -14 -37 -4L-33 110H-10L-8 -10C-5 -20 5 -20 8 -10L10 110H33L37 -4C40 -14 46 -14 50 -4L48 150Q40 200 0 206Q-40 200 -48 150Z',
    '',
  )
  return [
    lying(
      9,
      group('translate(258 96) rotate(-7) scale(1.16)', trowel),
      group('translate(468 96) rotate(7) scale(1.16)', fork),
    ),
    leaf(80, 690, 170, 14, '#6c944d'),
    leaf(110, 700, 150, 52, '#7da55a'),
    leaf(60, 700, 140, -20, '#5d8543'),
    leaf(650, 700, 160, -18, '#6c944d'),
    leaf(620, 706, 140, -52, '#7da55a'),
  ].join('')
}

function secateurs(): string {
  return lying(
    9,
    group(
      'translate(360 300) rotate(28)',
      path(
        'M-18 16C-60 110 -96 210 -74 344C-66 380 -28 376 -30 340C-40 250 -4 150 30 60Z',
        linear(0, '#e0593f', '#b93a26', '#842214'),
      ),
      path(
        'M18 16C60 110 104 210 84 344C76 380 36 376 38 340C46 250 10 150 -26 60Z',
        linear(0, '#e7654a', '#c03f2a', '#8b2717'),
      ),
      path(
        'M-34 30C-60 -30 -66 -110 -20 -190C6 -150 44 -70 34 30Z',
        linear(0, '#f2f5f6', '#b9c1c6', '#8b959b'),
      ),
      path(
        'M30 40C74 -10 84 -70 58 -140C36 -146 30 -134 36 -112C44 -70 26 -30 -16 20Z',
        linear(0, '#9ba4aa', '#6b747a', '#4d555b'),
      ),
      stroke('M-22 -176C-58 -110 -56 -40 -34 20', '#ffffff', 4, { opacity: 0.9 }),
      stroke('M-36 60C-80 160 -90 240 -66 340', '#f29a84', 6, { opacity: 0.65 }),
      stroke('M44 90C78 180 84 260 72 338', '#f0907a', 5, { opacity: 0.5 }),
      ...[0, 1, 2, 3, 4].map((turn) =>
        stroke(`M-16 ${96 + turn * 13}L24 ${104 + turn * 13}`, turn % 2 ? '#d7dcdf' : '#9aa3a8', 7),
      ),
      circle(0, 26, 29, radial([36, 30], 75, '#ffffff', '#c0a15e', '#775a22')),
      circle(0, 26, 13, metal('#8d8577')),
      stroke('M-8 26H8', '#4b3c22', 4),
    ),
  )
}

function cutTwig(): string {
  return [
    lying(
      4,
      stroke('M70 150C170 130 230 180 300 160', '#7a5a3c', 11),
      stroke('M70 147C170 127 230 177 300 157', '#a78360', 3),
    ),
    lying(
      3,
      leaf(120, 145, 78, -40, '#6d9a4c'),
      leaf(150, 142, 84, 150, '#5e8a42'),
      leaf(220, 166, 80, -20, '#7fae5a'),
      leaf(244, 168, 74, 165, '#67934a'),
    ),
    lying(
      3,
      ...[0, 72, 144, 216, 288].map((angle) =>
        turned(angle, [70, 150], ellipse(70, 118, 20, 30, radial([50, 80], 80, '#f6b6bf', '#e88797'))),
      ),
    ),
    circle(70, 150, 13, radial([40, 36], 70, '#ffe9a0', '#e9b53d')),
  ].join('')
}

/** Garden tools, by file name of the picture. */
export const gardenToolDrawings = {
  'watering-can': () => table(rooms.mint, wateringCan('#9fabb0')),
  'watering-can-rose': () =>
    table(rooms.mint, group('translate(-690 -300) scale(1.9)', wateringCan('#9fabb0'))),
  'hand-tools': () => tabletop({ wall: '#e7dcc6', floor: '#d3c19d' }, handTools()),
  secateurs: () => tabletop({ wall: '#d8cbb0', floor: '#dccfb2' }, secateurs(), cutTwig()),
} as const
