import {
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  light,
  linear,
  metal,
  type Point,
  path,
  radial,
  rect,
  round,
  standing,
  stroke,
  through,
} from './kit.ts'
import { rooms, table } from './room.ts'

function backpack(canvas: string): string {
  const leather = '#8a5330'
  const body =
    'M196 246C190 230 200 216 222 214H488C512 216 520 230 514 246L536 560C538 588 522 600 496 600H214C188 600 172 588 174 560Z'
  return [
    standing(356, 606, 178),
    path('M200 326C122 350 112 556 190 580Z', linear(0, dark(canvas, 0.3), dark(canvas, 0.5))),
    path('M512 326C590 350 600 556 522 580Z', linear(0, dark(canvas, 0.4), dark(canvas, 0.6))),
    stroke('M320 118C320 78 392 78 392 118', dark(leather, 0.2), 13),
    path(body, linear(0, dark(canvas, 0.25), canvas, light(canvas, 0.22), canvas, dark(canvas, 0.38))),
    path(
      'M208 240L222 122C224 104 486 104 488 122L504 240Z',
      linear(90, light(canvas, 0.25), dark(canvas, 0.15)),
    ),
    path(
      'M212 150C214 96 250 96 356 96C462 96 498 96 500 150C498 168 214 168 212 150Z',
      linear(90, light(canvas, 0.35), canvas, dark(canvas, 0.4)),
    ),
    ellipse(218, 134, 15, 30, radial([50, 50], 60, dark(canvas, 0.5), canvas)),
    ellipse(494, 134, 15, 30, radial([50, 50], 60, dark(canvas, 0.6), dark(canvas, 0.2))),
    path(
      'M222 404C222 390 232 384 246 384H466C480 384 490 390 490 404L496 548C496 564 486 570 472 570H240C226 570 216 564 216 548Z',
      linear(0, canvas, light(canvas, 0.28), dark(canvas, 0.22)),
    ),
    path('M218 392H494L498 448Q356 486 214 448Z', linear(90, light(canvas, 0.22), dark(canvas, 0.1))),
    stroke('M226 446Q356 480 486 446', light(canvas, 0.5), 2.5, { 'stroke-dasharray': '8 6', opacity: 0.8 }),
    stroke('M206 268H506M212 590H500', light(canvas, 0.5), 2.5, { 'stroke-dasharray': '8 6', opacity: 0.6 }),
    ...[276, 436].flatMap((x) => [
      rect([x - 14, 100, 28, 238], linear(0, light(leather, 0.25), leather, dark(leather, 0.3)), 5),
      rect([x - 22, 292, 44, 34], 'none', 5, { stroke: '#d2ab5c', 'stroke-width': 7 }),
      stroke(`M${x} 300V326`, '#e8cd8c', 5),
      ...[210, 236, 262].map((y) => circle(x, y, 3.4, dark(leather, 0.6))),
    ]),
    rect([338, 420, 36, 74], linear(0, light(leather, 0.25), dark(leather, 0.25)), 6),
    circle(356, 476, 9, radial([36, 30], 75, '#fff3cf', '#c69c4b', '#7d5b20')),
    rect([316, 520, 80, 30], leather, 5),
    stroke('M326 528H386V542H326Z', light(leather, 0.5), 1.6, { opacity: 0.7 }),
    path('M346 546l10 -20l10 20l6 -10l8 12H334Z', light(leather, 0.55), {
      transform: 'translate(0 -5) scale(1 1)',
    }),
  ].join('')
}

function flask(colour: string): string {
  return [
    standing(330, 600, 88),
    standing(532, 606, 66),
    path(
      'M244 250C244 220 272 214 276 190H388C392 214 418 220 418 250V580Q331 616 244 580Z',
      round(colour, 0.5),
    ),
    path('M244 560V580Q331 616 418 580V560Q331 594 244 560Z', metal('#b9bfc3')),
    path('M272 96C272 84 390 84 390 96L394 186Q331 204 268 186Z', metal('#c3c9cc')),
    ellipse(331, 96, 59, 12, linear(0, '#ffffff', '#b9bfc4')),
    path('M272 186Q331 204 390 186L392 204Q331 222 270 204Z', dark(colour, 0.55)),
    blurred(6, rect([268, 262, 20, 290], '#ffffff', 9, { opacity: 0.6 })),
    ...[0, 1, 2, 3].map((ring) =>
      stroke(
        `M244 ${480 + ring * 12}Q331 ${516 + ring * 12} 418 ${480 + ring * 12}`,
        light(colour, 0.35),
        2.5,
        { opacity: 0.5 },
      ),
    ),
    path('M300 352L331 316L362 352L350 340L331 374L312 340Z', light(colour, 0.75), { opacity: 0.9 }),
    path('M466 482H598L584 596Q532 618 480 596Z', metal('#c3c9cc')),
    ellipse(532, 482, 66, 15, linear(0, '#ffffff', '#aab1b6')),
    ellipse(532, 484, 58, 11.5, linear(0, '#6b7276', '#a3aaae')),
    clipped(
      'M474 484A58 11.5 0 0 0 590 484A58 11.5 0 0 0 474 484Z',
      ellipse(532, 491, 54, 11, radial([40, 40], 60, '#a96a38', '#6d3c1c')),
    ),
    ...[
      [512, 0],
      [540, 1],
      [562, 2],
    ].map(([x = 0, index = 0]) =>
      blurred(
        5,
        stroke(`M${x} 464C${x - 20} 430 ${x + 22} 404 ${x} ${356 + index * 14}`, '#ffffff', 9, {
          opacity: 0.5,
        }),
      ),
    ),
  ].join('')
}

function campChair(canvas: string): string {
  const ash = '#c7985f'
  const bar = (d: string, width = 20) =>
    stroke(d, dark(ash, 0.5), width) +
    stroke(d, ash, width - 6) +
    stroke(d, light(ash, 0.5), 3, { opacity: 0.6 })
  const seat: readonly Point[] = [
    [206, 438],
    [330, 466],
    [512, 446],
  ]
  return [
    standing(360, 626, 210, 0.75),
    bar('M228 150L286 450'),
    bar('M474 128L506 440'),
    bar('M276 420L548 600'),
    bar('M520 440L268 622'),
    bar('M150 346L300 368', 24),
    bar('M196 356L186 464', 18),
    bar('M480 350L600 330', 24),
    bar('M580 336L566 444', 18),
    path(
      'M214 140C300 166 400 160 490 118L516 400C430 440 330 446 262 420Z',
      linear(30, light(canvas, 0.35), canvas, dark(canvas, 0.3)),
    ),
    path(
      'M262 420C330 446 430 440 516 400L560 442C470 500 290 506 180 462Z',
      linear(90, light(canvas, 0.25), dark(canvas, 0.15)),
    ),
    stroke('M226 168C304 190 404 184 488 144', light(canvas, 0.6), 3, {
      'stroke-dasharray': '9 7',
      opacity: 0.7,
    }),
    stroke(through(seat), dark(canvas, 0.5), 3, { opacity: 0.25 }),
    bar('M176 466C280 510 470 506 566 440', 22),
    bar('M190 470L486 634'),
    bar('M552 448L196 632', 21),
    circle(364, 548, 12, metal('#b58a45')),
    blurred(
      12,
      path('M250 180C270 260 290 320 306 400L346 408C320 330 300 250 296 184Z', '#ffffff', { opacity: 0.3 }),
    ),
  ].join('')
}

/** Backpack, flask and folding chair, by file name of the picture. */
export const hikingDrawings = {
  'canvas-backpack-moss': () => table(rooms.butter, backpack('#6f7a4a')),
  'canvas-backpack-rust': () => table(rooms.mist, backpack('#b3603a')),
  'steel-flask': () => table(rooms.peach, flask('#2f5d62')),
  'camp-chair': () => table(rooms.mint, campChair('#d0a13f')),
} as const
