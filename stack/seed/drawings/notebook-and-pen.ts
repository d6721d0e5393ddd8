import {
  circle,
  dark,
  ellipse,
  faded,
  group,
  light,
  linear,
  lying,
  metal,
  path,
  rect,
  scatter,
  stroke,
  turned,
} from './kit.ts'
import { leaf } from './leaf.ts'
import { rooms, tabletop } from './room.ts'

function weave(box: readonly [x: number, y: number, width: number, height: number], colour: string): string {
  const [x, y, width, height] = box
  return faded(
    0.16,
    ...Array.from({ length: Math.floor(width / 7) }, (_, index) =>
      stroke(`M${x + index * 7} ${y}v${height}`, colour, 1.6),
    ),
    ...Array.from({ length: Math.floor(height / 7) }, (_, index) =>
      stroke(`M${x} ${y + index * 7}h${width}`, colour, 1.6),
    ),
  )
}

function notebook(linen: string, ribbon: string): string {
  return turned(
    -8,
    [360, 360],
    lying(
      11,
      rect([196, 104, 340, 508], dark(linen, 0.4), 14),
      rect([202, 108, 336, 498], '#f3ead6', 8),
      rect([190, 98, 340, 508], linear(30, light(linen, 0.3), linen, dark(linen, 0.18)), 14),
    ),
    weave([194, 102, 332, 500], light(linen, 0.7)),
    rect(
      [190, 98, 44, 508],
      linear(
        0,
        [dark(linen, 0.5), 0, 0.5],
        [light(linen, 0.3), 50, 0.4],
        [dark(linen, 0.5), 92, 0.45],
        [linen, 100, 0],
      ),
      12,
    ),
    rect([488, 98, 15, 508], linear(0, dark(ribbon, 0.25), ribbon, dark(ribbon, 0.2))),
    path('M330 604h17v58l-8.5 -11l-8.5 11Z', ribbon),
    rect([292, 208, 146, 92], '#f5ecd7', 5),
    rect([300, 216, 130, 76], 'none', 3, { stroke: dark(linen, 0.2), 'stroke-width': 2 }),
    stroke('M318 246H412M318 268H390', dark(linen, 0.1), 2.4, { opacity: 0.65 }),
  )
}

function notebookOpen(linen: string): string {
  const lines = (x: number) =>
    Array.from({ length: 17 }, (_, index) => stroke(`M${x} ${190 + index * 22}h236`, '#b9c5cd', 1.4))
  return turned(
    4,
    [360, 360],
    lying(
      11,
      rect([62, 116, 596, 476], linen, 12),
      path(
        'M72 128C180 112 310 118 360 138C410 118 540 112 648 128V580C540 566 410 572 360 590C310 572 180 566 72 580Z',
        '#fbf5e7',
      ),
    ),
    path(
      'M72 128C180 112 310 118 360 138V590C310 572 180 566 72 580Z',
      linear(0, '#fdf8ec', '#f7eedb', '#d9caae'),
    ),
    path(
      'M648 128C540 112 410 118 360 138V590C410 572 540 566 648 580Z',
      linear(0, '#cfbf9f', '#f8f0df', '#fdf9ee'),
    ),
    ...lines(96),
    ...lines(390),
    ...Array.from({ length: 9 }, (_, row) =>
      stroke(
        `M100 ${186 + row * 22}${scatter(7, row + 3)
          .map(
            ([a, b], index) =>
              `q${10 + a * 8} ${-12 * b} ${22 + a * 6} 0${index === 6 && row % 3 === 2 ? '' : `t${8 + b * 5} 0`}`,
          )
          .slice(0, row % 4 === 3 ? 4 : 7)
          .join('')}`,
        '#34507a',
        2.4,
      ),
    ),
    group(
      'translate(500 400)',
      stroke('M0 150C-6 80 8 20 0 -90', '#5e7d4d', 4),
      leaf(0, 60, 80, -50, '#7fa05f'),
      leaf(2, 20, 84, 48, '#6b8f50'),
      leaf(2, -20, 72, -46, '#8cad6b'),
      leaf(0, -60, 66, 40, '#759a58'),
      leaf(0, -84, 60, 0, '#8cad6b'),
    ),
    path('M352 590h16v52l-8 -10l-8 10Z', '#b5452f'),
  )
}

function fountainPen(): string {
  const ink = '#1f4a52'
  return [
    turned(
      -6,
      [360, 400],
      lying(5, path('M90 130H600V640H90Z', '#fbf4e4')),
      ...[0, 1, 2, 3, 4].map((row) =>
        stroke(
          `M150 ${230 + row * 46}c20 -34 34 26 52 0s26 -40 44 -4s30 16 48 -6s${30 + row * 6} 22 50 2s34 -28 52 2s24 6 44 -4`,
          '#2c4a7a',
          3.4,
          { opacity: row === 4 ? 0.5 : 0.85 },
        ),
      ),
    ),
    lying(
      10,
      turned(
        -40,
        [360, 400],
        path(
          'M250 366H560C596 366 622 380 624 400C622 420 596 434 560 434H250Z',
          linear(90, light(ink, 0.25), light(ink, 0.75), ink, dark(ink, 0.6)),
        ),
        path('M164 372H252V428H164Z', linear(90, '#2f2b33', '#77727c', '#1a171d')),
        path(
          'M62 400C90 384 130 374 166 374V426C130 426 90 416 62 400Z',
          linear(90, '#f9e7b0', '#e0b654', '#fff3cc', '#9a7325'),
        ),
        stroke('M66 400H138', '#6a4a14', 2.4),
        circle(140, 400, 5, '#4b3410'),
        rect([244, 362, 16, 76], linear(90, '#fff0bf', '#c79b45', '#7d5b20'), 3),
        rect([556, 365, 11, 70], linear(90, '#fff0bf', '#c79b45', '#7d5b20'), 3),
        faded(0.7, stroke('M272 380H548', '#d8f0ee', 4)),
        ...scatter(22, 4).map(([x, y]) =>
          ellipse(280 + x * 260, 376 + y * 50, 10 + y * 12, 3, light(ink, 0.35), { opacity: 0.22 }),
        ),
      ),
    ),
    lying(
      9,
      turned(
        -40,
        [360, 560],
        path(
          'M470 526H640C668 526 680 540 680 560C680 580 668 594 640 594H470Z',
          linear(90, light(ink, 0.25), light(ink, 0.75), ink, dark(ink, 0.6)),
        ),
        rect([470, 523, 22, 74], linear(90, '#fff0bf', '#c79b45', '#7d5b20'), 3),
        rect([520, 550, 152, 13], linear(90, '#fff3cf', '#c79b45', '#8a6626'), 6),
        circle(524, 556, 9, metal('#d8b055')),
      ),
    ),
  ].join('')
}

/** Notebooks and a fountain pen, by file name of the picture. */
export const notebookAndPenDrawings = {
  'linen-notebook-blue': () => tabletop(rooms.peach, notebook('#3f648c', '#d9b25a')),
  'linen-notebook-open': () => tabletop(rooms.peach, notebookOpen('#3f648c')),
  'linen-notebook-clay': () => tabletop(rooms.mint, notebook('#b8593d', '#2f4f4a')),
  'fountain-pen': () => tabletop({ wall: '#c9b8a0', floor: '#b99a78' }, fountainPen()),
} as const
