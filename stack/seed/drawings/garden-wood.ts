import {
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  group,
  light,
  linear,
  metal,
  path,
  radial,
  rect,
  round,
  scatter,
  standing,
  stroke,
} from './kit.ts'
import { leaf } from './leaf.ts'
import { rooms, table, wall } from './room.ts'

function nestBox(): string {
  const wood = '#c58e5d'
  return [
    faded(0.35, blurred(16, path('M260 240H560V640H260Z', '#2a1c2e'))),
    rect([336, 60, 48, 600], linear(0, '#8f9a86', '#b5bfa9', '#7b8673'), 6),
    path('M226 250H470V590H226Z', linear(0, light(wood, 0.3), wood)),
    path('M470 250L520 226V560L470 590Z', linear(0, dark(wood, 0.35), dark(wood, 0.5))),
    ...[302, 370, 438].map((x, index) =>
      stroke(`M${x - 40} 252V588`, dark(wood, 0.5), index ? 2.5 : 0, { opacity: 0.55 }),
    ),
    ...scatter(18, 6).map(([x, y]) =>
      stroke(`M${236 + x * 220} ${270 + y * 280}c6 14 -4 26 2 ${30 + y * 30}`, dark(wood, 0.4), 1.6, {
        opacity: 0.45,
      }),
    ),
    path('M190 262L214 196L560 170L548 224L490 262Z', linear(60, '#7c8b8f', '#566468', '#3c484c')),
    path('M190 262H490L548 224L552 236L492 276H188Z', '#2f393d'),
    stroke('M214 198L556 172', '#a7b5b8', 4),
    circle(348, 370, 58, dark(wood, 0.25)),
    circle(348, 370, 52, radial([60, 64], 70, '#4b2f1c', '#1d110b')),
    stroke('M300 350A52 52 0 0 1 372 324', light(wood, 0.6), 5, { opacity: 0.7 }),
    group(
      'translate(352 384)',
      circle(0, 0, 36, radial([40, 30], 80, '#6a94b8', '#44709a', '#2b4d72')),
      path('M-30 6C-26 40 26 40 30 6C16 -8 -16 -8 -30 6Z', '#f6e9c8'),
      stroke('M-34 2C-14 -8 14 -8 34 2', '#2a3a4e', 6),
      circle(-14, -6, 5, '#141820'),
      circle(14, -6, 5, '#141820'),
      circle(-15.5, -8, 1.7, '#ffffff'),
      circle(12.5, -8, 1.7, '#ffffff'),
      path('M-7 4L0 18L7 4Z', '#e59a2c'),
    ),
    stroke('M348 470V486', dark(wood, 0.5), 15),
    stroke('M348 470L330 520', '#8a5f38', 13),
    circle(330, 520, 8, '#b98552'),
    ...[
      [242, 270],
      [454, 270],
      [242, 572],
      [454, 572],
    ].map(([x = 0, y = 0]) => circle(x, y, 5, metal('#8d8a83'))),
    leaf(120, 690, 190, 12, '#7fa45e'),
    leaf(150, 700, 160, 40, '#6b9150'),
    leaf(620, 690, 180, -16, '#88ad66'),
    leaf(590, 704, 150, -44, '#6f9653'),
  ].join('')
}

function twine(): string {
  const rope = '#b99563'
  return [
    standing(350, 600, 150),
    ellipse(350, 568, 150, 34, linear(0, '#c08a54', '#e2b680', '#8d5c30')),
    path('M200 548V568A150 34 0 0 0 500 568V548Z', round('#c08a54', 0.4)),
    ellipse(350, 548, 150, 34, linear(0, '#e9c493', '#c79660')),
    path('M232 300C222 380 222 470 232 544Q350 590 468 544C478 470 478 380 468 300Z', round(rope, 0.35)),
    clipped(
      'M232 290C222 380 222 470 232 544Q350 590 468 544C478 470 478 380 468 290Z',
      ...Array.from({ length: 21 }, (_, row) =>
        [
          stroke(`M212 ${292 + row * 13}Q350 ${338 + row * 13} 488 ${286 + row * 13}`, dark(rope, 0.5), 2.6, {
            opacity: 0.6,
          }),
          ...Array.from({ length: 13 }, (__, twist) =>
            stroke(
              `M${226 + twist * 20} ${302 + row * 13 + 22 * Math.sin((twist / 12) * Math.PI)}l9 -9`,
              light(rope, 0.5),
              2,
              { opacity: 0.5 },
            ),
          ),
        ].join(''),
      ),
    ),
    path('M200 262V280A150 34 0 0 0 500 280V262Z', round('#c08a54', 0.4)),
    ellipse(350, 262, 150, 34, linear(0, '#f0d0a4', '#d2a46e', '#b58148')),
    ...[130, 104, 78].map((radius) =>
      ellipse(350, 262, radius, radius * 0.225, 'none', {
        stroke: '#9a6b3b',
        'stroke-width': 2,
        opacity: 0.5,
      }),
    ),
    ellipse(350, 264, 34, 9, '#3d2716'),
    stroke('M466 500C540 520 560 560 520 590C480 618 560 640 660 612', dark(rope, 0.45), 10),
    stroke('M466 498C540 518 558 558 518 587C480 614 560 636 660 609', light(rope, 0.2), 6, {
      'stroke-dasharray': '7 5',
    }),
    path('M280 384H420V470Q350 488 280 470Z', '#f4ead2'),
    path('M280 384H420V396Q350 410 280 396Z', '#5c7f55'),
    leaf(350, 462, 46, 0, '#5c7f55'),
    leaf(348, 462, 34, -52, '#7a9a68'),
    leaf(352, 462, 34, 52, '#7a9a68'),
  ].join('')
}

/** A nest box and a spool of twine, by file name of the picture. */
export const gardenWoodDrawings = {
  'cedar-nest-box': () => wall({ wall: '#bcd0d6', floor: '#a3bccb' }, nestBox()),
  'jute-twine': () => table(rooms.sage, twine()),
} as const
