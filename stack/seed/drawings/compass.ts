import {
  ball,
  blurred,
  circle,
  dark,
  ellipse,
  group,
  light,
  linear,
  lying,
  metal,
  path,
  radial,
  rect,
  stroke,
  turned,
} from './kit.ts'
import { tabletop } from './room.ts'

function compassFace(): string {
  const marks = Array.from({ length: 36 }, (_, index) =>
    turned(index * 10, [0, 0], rect([-1.5, -150, 3, index % 9 === 0 ? 26 : 14], '#3b3430')),
  )
  const letters = [
    ['N', 0, -98],
    ['E', 104, 10],
    ['S', 0, 118],
    ['W', -104, 10],
  ] as const
  return [
    circle(0, 0, 162, radial([40, 34], 75, '#fffdf5', '#f6ecd6', '#d9c7a2')),
    circle(0, 0, 122, 'none', { stroke: '#b39b6c', 'stroke-width': 1.5 }),
    ...marks,
    ...letters.map(
      ([letter, x, y]) =>
        `<text x="${x}" y="${y}" font-family="DejaVu Serif, Georgia, serif" font-size="32" text-anchor="middle" fill="${letter === 'N' ? '#b5352a' : '#3b3430'}">${letter}</text>`,
    ),
    ...[0, 90, 180, 270].map((angle) =>
      turned(angle, [0, 0], path('M0 -76L10 -10H0Z', '#c9b280') + path('M0 -76L-10 -10H0Z', '#8e7a4e')),
    ),
    ...[45, 135, 225, 315].map((angle) =>
      turned(angle, [0, 0], path('M0 -52L8 -8H0Z', '#d9c69a') + path('M0 -52L-8 -8H0Z', '#a8935f')),
    ),
    turned(
      -28,
      [0, 0],
      lying(
        3,
        path('M0 -132L14 0H-14Z', linear(0, '#e2574a', '#b02b22')),
        path('M0 132L14 0H-14Z', linear(0, '#f7f7f5', '#aeb3b6')),
      ),
      circle(0, 0, 12, ball('#c79b45')),
    ),
    path('M-120 -110A162 162 0 0 1 60 -150C-10 -110 -90 -40 -130 60A162 162 0 0 1 -120 -110Z', '#ffffff', {
      opacity: 0.3,
    }),
  ].join('')
}

function compass(): string {
  const brass = '#c79b45'
  return group(
    'translate(352 380)',
    lying(
      12,
      stroke('M0 -250C-80 -330 -190 -280 -300 -320', '#6d4126', 13),
      circle(0, -226, 34, 'none', { stroke: brass, 'stroke-width': 13 }),
      rect([-24, -222, 48, 34], metal(brass), 8),
      circle(0, 0, 206, linear(50, light(brass, 0.7), brass, dark(brass, 0.45))),
    ),
    circle(0, 0, 190, linear(50, dark(brass, 0.45), brass, light(brass, 0.7))),
    circle(0, 0, 176, linear(50, light(brass, 0.4), dark(brass, 0.3))),
    ...Array.from({ length: 60 }, (_, index) =>
      turned(index * 6, [0, 0], rect([-2, -204, 4, 12], dark(brass, 0.5), 1, { opacity: 0.5 })),
    ),
    compassFace(),
  )
}

function compassClosed(): string {
  const brass = '#c79b45'
  return group(
    'translate(352 380)',
    lying(
      14,
      stroke('M0 -250C-80 -330 -190 -280 -300 -320', '#6d4126', 13),
      circle(0, -226, 34, 'none', { stroke: brass, 'stroke-width': 13 }),
      rect([-24, -222, 48, 34], metal(brass), 8),
      circle(0, 0, 206, radial([36, 28], 85, light(brass, 0.8), brass, dark(brass, 0.5))),
    ),
    circle(0, 0, 182, 'none', { stroke: dark(brass, 0.4), 'stroke-width': 3, opacity: 0.6 }),
    circle(0, 0, 174, 'none', { stroke: light(brass, 0.6), 'stroke-width': 2, opacity: 0.8 }),
    ...[0, 45, 90, 135, 180, 225, 270, 315].map((angle, index) => {
      const length = index % 2 ? 84 : 138
      return turned(
        angle,
        [0, 0],
        path(`M0 ${-length}L19 -20L0 0Z`, dark(brass, 0.42)) +
          path(`M0 ${-length}L-19 -20L0 0Z`, light(brass, 0.45)),
      )
    }),
    circle(0, 0, 17, ball(brass)),
    blurred(14, ellipse(-80, -92, 70, 44, '#ffffff', { opacity: 0.55, transform: 'rotate(-42 -80 -92)' })),
  )
}

/** A pocket compass, by file name of the picture. */
export const compassDrawings = {
  'brass-compass': () => tabletop({ wall: '#6d7f6a', floor: '#8fa08a' }, compass()),
  'brass-compass-closed': () => tabletop({ wall: '#6d7f6a', floor: '#8fa08a' }, compassClosed()),
} as const
