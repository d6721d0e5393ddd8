import {
  ball,
  blurred,
  circle,
  clipped,
  ellipse,
  faded,
  group,
  linear,
  lying,
  mix,
  path,
  radial,
  stroke,
  through,
  turned,
} from './kit.ts'
import { tabletop } from './room.ts'

function tomato(): string {
  return group(
    'translate(270 250)',
    lying(
      5,
      circle(0, 0, 66, ball('#d9472f')),
      path('M-8 -60C10 -92 26 -80 30 -66L8 -50Z', '#5f8a3c'),
      path('M0 -58L-40 -62L-16 -44L-26 -20L2 -40L30 -22L22 -46L44 -62Z', '#6f9a46'),
    ),
  )
}

function basil(): string {
  return group(
    'translate(300 470)',
    lying(
      3,
      ...[-150, -75, -10].map((angle) =>
        turned(
          angle,
          [0, 0],
          path('M0 0C10 -50 60 -58 100 -14C70 34 16 34 0 0Z', linear(90, '#86b855', '#47792f')),
          stroke(
            'M4 -2C30 -12 60 -14 88 -12M34 -12L44 -32M54 -14L68 -32M34 -10L46 10M54 -12L70 6',
            '#a9d07a',
            2.5,
          ),
        ),
      ),
    ),
  )
}

function board(): string {
  const outline = 'M214 120H506Q540 120 540 154V566Q540 600 506 600H214Q180 600 180 566V154Q180 120 214 120Z'
  const grain = [208, 240, 262, 300, 332, 372, 398, 436, 470, 500, 522].map((x, index) =>
    stroke(
      through([
        [x, 110],
        [x + (index % 3) * 9 - 8, 250],
        [x - (index % 4) * 8 + 10, 400],
        [x + (index % 2) * 14 - 6, 610],
      ]),
      '#7d4d22',
      2 + (index % 3) * 1.6,
      { opacity: 0.4 },
    ),
  )
  return lying(
    12,
    turned(
      14,
      [360, 360],
      path('M330 130V52Q330 22 360 22Q390 22 390 52V130Z', linear(0, '#d9a566', '#b57d42')),
      path(outline, linear(20, '#e2b277', '#cf9755', '#b87c40')),
      clipped(
        outline,
        ...grain,
        ...[26, 46, 68, 94].map((radius) =>
          ellipse(418, 430, radius * 0.55, radius, 'none', {
            stroke: '#754519',
            'stroke-width': 3,
            opacity: 0.35,
            transform: 'rotate(8 418 430)',
          }),
        ),
        ellipse(418, 430, 9, 15, '#6b3d16', { opacity: 0.6 }),
        path('M180 120H540V600H180Z', linear(50, ['#ffffff', 0, 0.34], ['#ffffff', 55, 0])),
      ),
      stroke('M216 126H504Q534 126 534 156V560', '#f4d6a8', 3, { opacity: 0.8 }),
      circle(360, 62, 14, '#c79a7c'),
      circle(361, 64, 12, '#a9795b'),
      tomato(),
      basil(),
    ),
  )
}

function knife(): string {
  return lying(
    9,
    turned(
      -38,
      [360, 360],
      path(
        'M30 336H432V424C300 430 120 424 60 384C38 368 28 350 30 336Z',
        linear(90, '#f3f5f6', '#c3c9cd', '#e6eaec', '#aab2b8'),
      ),
      path('M424 330H452V408H424Z', linear(90, '#e8d9a8', '#b08d45', '#87692f')),
      path(
        'M450 330C520 326 610 326 668 336C690 340 694 372 672 384C620 408 530 400 450 404Z',
        linear(90, '#8b5a38', '#6b3f22', '#43240f'),
      ),
      path('M60 384C120 424 300 430 432 424V404C300 408 140 402 60 384Z', linear(90, '#ffffff', '#d4dade')),
      stroke('M34 341H428', '#ffffff', 3, { opacity: 0.9 }),
      faded(
        0.75,
        ...[0, 1, 2, 3, 4, 5, 6].map((index) =>
          ellipse(140 + index * 40, 388 + Math.min(index, 2) * 4, 12, 8, linear(90, '#98a1a8', '#dfe4e7')),
        ),
      ),
      faded(0.35, blurred(4, path('M230 338L290 338L230 420L170 414Z', '#ffffff'))),
      ...[490, 556, 622].map((x) => circle(x, 365, 8, radial([36, 30], 80, '#fdf2cf', '#b98f46'))),
      faded(
        0.5,
        stroke('M460 348C520 340 600 342 664 350', '#c48d62', 4),
        stroke('M470 388C540 392 600 388 650 378', '#2f180a', 2),
      ),
    ),
  )
}

function lemon(x: number, y: number): string {
  return group(
    `translate(${x} ${y})`,
    lying(6, circle(0, 0, 74, radial([36, 30], 80, '#ffe36a', '#f5c021', '#d89a10'))),
    circle(0, 0, 64, '#fff6d6'),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((index) =>
      turned(
        index * 45,
        [0, 0],
        path('M0 -9L17 -48C10 -58 -10 -58 -17 -48Z', radial([50, 90], 100, '#ffe071', '#f2b51c')),
      ),
    ),
  )
}

/** Board and knife, by file name of the picture. */
export const choppingDrawings = {
  'olive-wood-board': () => tabletop({ wall: '#d3dcc3', floor: mix('#d3dcc3', '#ffffff', 0.25) }, board()),
  'santoku-knife': () => tabletop({ wall: '#b4bcc4', floor: '#c4ced2' }, knife(), lemon(548, 548)),
} as const
