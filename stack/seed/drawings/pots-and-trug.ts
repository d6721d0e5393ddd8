import {
  circle,
  clipped,
  dark,
  ellipse,
  lathe,
  light,
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
import { leaf } from './leaf.ts'
import { rooms, table } from './room.ts'

function pot(cx: number, base: number, half: number, plant: string): string {
  const clay = '#c56f48'
  const height = half * 1.55
  const rim = half * 0.36
  const body = lathe(
    cx,
    [
      [base - height, half * 0.92],
      [base - height * 0.5, half * 0.82],
      [base, half * 0.66],
    ],
    0.18,
  )
  return [
    standing(cx, base + half * 0.12, half * 0.78),
    path(body, round(clay, 0.35)),
    clipped(
      body,
      ...scatter(16, half).map(([x, y]) =>
        ellipse(cx - half + x * half * 2, base - height + y * height, 6 + x * 14, 4 + y * 10, '#f0d9c4', {
          opacity: 0.08,
        }),
      ),
    ),
    path(
      `M${cx - half * 0.9} ${base - height + rim * 0.6}Q${cx} ${base - height + rim * 1.8} ${cx + half * 0.9} ${base - height + rim * 0.6}V${base - height + rim * 1.1}Q${cx} ${base - height + rim * 2.2} ${cx - half * 0.9} ${base - height + rim * 1.1}Z`,
      dark(clay, 0.5),
      { opacity: 0.35 },
    ),
    path(
      `M${cx - half} ${base - height - rim * 0.3}V${base - height + rim * 0.65}Q${cx} ${base - height + rim * 1.8} ${cx + half} ${base - height + rim * 0.65}V${base - height - rim * 0.3}Z`,
      round(clay, 0.5),
    ),
    ellipse(cx, base - height - rim * 0.3, half, half * 0.21, linear(0, light(clay, 0.5), clay)),
    ellipse(cx, base - height - rim * 0.24, half * 0.88, half * 0.16, linear(0, '#2d1c17', '#4b3027')),
    plant,
  ].join('')
}

function pots(): string {
  const rosemary = [-46, -33, -22, -12, -3, 7, 16, 26, 37, 48].flatMap((angle, stem) => {
    const lean = (angle * Math.PI) / 180
    const height = 196 - Math.abs(angle) * 1.1 - (stem % 3) * 24
    const at = (reach: number) => [196 + Math.sin(lean) * reach, 336 - Math.cos(lean) * reach] as const
    const needles = Array.from({ length: 13 }, (_, index) => at((height * (index + 2)) / 14))
    return [
      stroke(`M196 336L${at(height).join(' ')}`, '#5f6f4c', 4),
      ...needles.flatMap(([x, y], index) => [
        leaf(x, y, 26, angle - 48, index % 2 ? '#6f9464' : '#82a578'),
        leaf(x, y, 26, angle + 48, index % 2 ? '#557d50' : '#678e5f'),
      ]),
    ]
  })
  const lettuce = [-64, -40, -18, 4, 26, 48, 68].map((angle, index) =>
    leaf(548, 474, 112 - Math.abs(angle) * 0.4, angle, index % 2 ? '#8fbf4d' : '#73a83c'),
  )
  const thyme = [-50, -26, 0, 24, 48].flatMap((angle) =>
    [20, 40, 60, 80].flatMap((reach) => {
      const [x, y] = [
        378 + Math.sin((angle * Math.PI) / 180) * reach,
        520 - Math.cos((angle * Math.PI) / 180) * reach,
      ]
      return [leaf(x, y, 22, angle - 50, '#7f9f58'), leaf(x, y, 22, angle + 50, '#668a47')]
    }),
  )
  return [
    pot(196, 560, 138, rosemary.join('')),
    pot(548, 580, 96, lettuce.join('')),
    pot(378, 606, 70, thyme.join('')),
  ].join('')
}

function trug(): string {
  const wood = '#cb9a62'
  const basket = 'M84 402C90 540 190 590 350 592C510 590 610 540 616 402Q350 470 84 402Z'
  return [
    standing(352, 590, 150),
    stroke('M196 420C190 130 510 130 504 420', dark(wood, 0.5), 26),
    stroke('M194 418C188 136 508 134 500 416', wood, 17),
    stroke('M190 414C188 140 500 134 494 400', light(wood, 0.6), 4),
    path('M84 402C150 350 550 350 616 402C560 450 140 450 84 402Z', '#5b3c22'),
    ...[
      [250, 380, -30],
      [300, 372, -16],
      [212, 392, -46],
    ].map(([x = 0, y = 0, angle = 0]) =>
      turned(
        angle,
        [x, y],
        path(
          `M${x - 22} ${y - 20}Q${x} ${y - 38} ${x + 22} ${y - 20}Q${x + 14} ${y + 60} ${x} ${y + 96}Q${x - 14} ${y + 60} ${x - 22} ${y - 20}Z`,
          linear(0, '#ffae57', '#ee7f2a', '#c75f16'),
        ),
        stroke(`M${x - 12} ${y}h14M${x - 4} ${y + 18}h12`, '#b9540f', 2.5),
      ),
    ),
    leaf(228, 366, 96, -30, '#67954a'),
    leaf(250, 356, 104, -12, '#7fae58'),
    leaf(280, 356, 92, 8, '#5c8741'),
    circle(440, 378, 48, radial([34, 28], 80, '#ff8f73', '#d63f2c', '#8c2016')),
    path('M440 330l-26 -8l16 16l-12 18l22 -10l22 12l-8 -20l18 -12l-24 2l-4 -16Z', '#5c8b3d'),
    circle(372, 392, 42, radial([34, 28], 80, '#ffb08f', '#e0553a', '#96301e')),
    circle(512, 394, 36, radial([34, 28], 80, '#e9d4ee', '#8e4d8d', '#4f2452')),
    path(basket, linear(90, light(wood, 0.2), wood, dark(wood, 0.35))),
    clipped(
      basket,
      ...[0, 1, 2, 3, 4].map((row) =>
        stroke(`M70 ${404 + row * 40}Q350 ${478 + row * 34} 630 ${404 + row * 40}`, dark(wood, 0.55), 4, {
          opacity: 0.6,
        }),
      ),
      ...[0, 1, 2, 3, 4].map((row) =>
        stroke(`M70 ${411 + row * 40}Q350 ${485 + row * 34} 630 ${411 + row * 40}`, light(wood, 0.6), 3, {
          opacity: 0.5,
        }),
      ),
      ...[186, 350, 514].map((x) =>
        rect([x - 13, 400, 26, 220], linear(0, light(wood, 0.2), dark(wood, 0.2))),
      ),
    ),
    stroke('M84 402Q350 470 616 402', dark(wood, 0.45), 15),
    stroke('M84 399Q350 467 616 399', light(wood, 0.35), 7),
    ...[186, 350, 514].flatMap((x) => [circle(x, 462, 4, '#6d4a22'), circle(x, 520, 4, '#6d4a22')]),
  ].join('')
}

/** Pots and a basket, by file name of the picture. */
export const potAndTrugDrawings = {
  'terracotta-pots': () => table(rooms.sky, pots()),
  'chestnut-trug': () => table(rooms.sage, trug()),
} as const
