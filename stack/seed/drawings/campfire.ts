import {
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  faded,
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
  turned,
} from './kit.ts'
import { darkRoom, glow, rooms, table, tabletop } from './room.ts'

function lantern(colour: string, lit: boolean): string {
  return [
    lit ? glow(360, 380, 350) : '',
    standing(362, 604, 128, lit ? 0.7 : 1),
    lit ? faded(0.6, blurred(18, ellipse(360, 612, 250, 36, '#ffcf86'))) : '',
    stroke('M246 250C230 40 490 40 474 250', '#4a4a50', 11),
    stroke('M244 246C230 44 488 44 472 240', '#a9adb2', 4),
    path(
      'M256 270H464L454 500H266Z',
      lit
        ? radial([50, 50], 62, '#fffbe4', '#ffdd8c', '#f0a94c')
        : linear(0, ['#a3bac0', 0, 0.85], ['#ffffff', 24, 0.7], ['#dfeaec', 60, 0.6], ['#8aa3aa', 100, 0.9]),
    ),
    rect([338, 300, 44, 190], lit ? '#fffdf2' : '#f3ead2', 20),
    lit
      ? blurred(14, rect([330, 292, 60, 206], '#ffffff', 28))
      : stroke('M350 320V470M370 320V470', '#d8c58d', 5),
    ...[268, 322, 398, 452].map((x) =>
      stroke(`M${x} 268L${360 + (x - 360) * 0.94} 502`, dark(colour, 0.45), 8),
    ),
    stroke('M252 384Q360 410 468 384', dark(colour, 0.4), 6),
    path('M250 500H470L486 566Q360 606 234 566Z', round(colour, 0.45)),
    path('M234 566Q360 606 486 566V590Q360 632 234 590Z', round(dark(colour, 0.3), 0.3)),
    circle(360, 548, 17, metal('#c5c9cb')),
    path(
      'M232 272C232 250 250 236 280 216L300 160H420L440 216C470 236 488 250 488 272Q360 306 232 272Z',
      round(colour, 0.5),
    ),
    ...[300, 330, 360, 390, 420].map((x) => ellipse(x, 232, 8, 12, lit ? '#ffd98a' : dark(colour, 0.6))),
    ellipse(360, 160, 60, 12, linear(0, light(colour, 0.4), dark(colour, 0.2))),
    stroke('M232 272Q360 306 488 272', light(colour, 0.35), 4, { opacity: 0.7 }),
  ].join('')
}

function fold(y: number, height: number, half: number, wool: string, bands: readonly string[]): string {
  const outline = `M${356 - half} ${y}H${340 + half}C${374 + half} ${y} ${374 + half} ${y + height} ${340 + half} ${y + height}H${356 - half}C${340 - half} ${y + height} ${340 - half} ${y} ${356 - half} ${y}Z`
  return [
    path(outline, linear(90, light(wool, 0.3), wool, dark(wool, 0.34))),
    clipped(
      outline,
      ...bands.map((band, index) =>
        rect([180 + index * 46, y, index % 2 ? 14 : 30, height], band, 0, { opacity: 0.9 }),
      ),
      rect(
        [0, y, 720, height],
        linear(90, ['#ffffff', 0, 0.22], ['#ffffff', 30, 0], ['#1f1422', 62, 0.05], ['#1f1422', 100, 0.45]),
      ),
      ...Array.from({ length: 9 }, (_, index) =>
        stroke(`M100 ${y + 4 + (index * height) / 9}H640`, '#ffffff', 1, { opacity: 0.1 }),
      ),
    ),
  ].join('')
}

function blanket(): string {
  const wool = '#ece0c8'
  const bands = ['#a63f35', '#2f4f63', '#d9a23c', '#2f4f63', '#a63f35']
  const rows = [
    [510, 84, 224],
    [432, 84, 218],
    [354, 82, 220],
    [280, 78, 212],
  ] as const
  return [
    standing(364, 598, 226),
    ...rows.map(([y, height, half]) => fold(y, height, half, wool, bands)),
    clipped(
      'M146 292C160 256 536 250 558 290L558 300H146Z',
      rect([140, 240, 430, 70], light(wool, 0.4)),
      ...bands.map((band, index) =>
        path(
          `M${180 + index * 46} 302L${200 + index * 43} 250h${index % 2 ? 13 : 28}L${194 + index * 46 + (index % 2 ? 0 : 16)} 302Z`,
          light(band, 0.14),
        ),
      ),
    ),
    ...Array.from({ length: 24 }, (_, index) =>
      stroke(
        `M${148 + index * 3} ${588 + (index % 3) * 2}C${120 + index * 2} ${594} ${116 + index * 3} ${612} ${104 + index * 3.6} ${622 + (index % 4) * 5}`,
        index % 2 ? wool : dark(wool, 0.2),
        3,
      ),
    ),
    rect([470, 452, 78, 52], '#8a5330', 5),
    rect([477, 459, 64, 38], 'none', 3, { stroke: '#d9b07c', 'stroke-width': 2, 'stroke-dasharray': '5 4' }),
    path('M494 490l15 -26l10 16l6 -8l11 18Z', '#e2bd8c'),
  ].join('')
}

function hatchet(): string {
  return lying(
    11,
    turned(
      40,
      [360, 360],
      path(
        'M338 60C352 48 372 48 384 60C390 220 372 380 384 520C390 580 420 620 404 660C388 690 346 688 338 660C330 600 336 420 334 300Z',
        linear(0, '#e9c48d', '#d0a066', '#9c6c38'),
      ),
      path(
        'M330 76L396 70L400 168L336 172C290 176 240 200 190 236C166 180 168 110 196 52C246 80 290 86 330 76Z',
        linear(20, '#7f888e', '#565e64', '#3b4146'),
      ),
      path(
        'M196 52C168 110 166 180 190 236L216 218C196 170 198 116 218 64Z',
        linear(0, '#f5f7f8', '#bcc4c9'),
      ),
      path('M338 60C352 48 372 48 384 60L386 74L336 78Z', '#b98850'),
      stroke('M346 66H378', '#6b4a28', 4),
      ...[350, 362, 374].map((x, index) =>
        stroke(`M${x} 190C${x - 6} 320 ${x - 4} 440 ${x + 4} ${600 + index * 12}`, '#8e5f30', 2, {
          opacity: 0.5,
        }),
      ),
      stroke('M344 190C340 330 340 440 348 620', '#f7deb4', 4, { opacity: 0.7 }),
      path('M336 560C350 566 372 566 392 556L408 622C390 636 356 638 338 628Z', '#3f5d4c'),
      circle(374, 652, 8, '#5a3d20'),
      stroke('M374 652C420 680 440 640 470 676C480 690 460 706 450 696', '#6d4126', 6),
      ...[
        [340, 84],
        [346, 156],
      ].map(([x = 0, y = 0]) => stroke(`M${x} ${y}L${x + 46} ${y - 4}`, '#98a1a6', 2, { opacity: 0.7 })),
    ),
  )
}

function woodChips(): string {
  return scatter(14, 8)
    .map(([x, y], index) =>
      turned(
        x * 360,
        [90 + x * 540, 540 + y * 150],
        rect([80 + x * 540, 534 + y * 150, 16 + (index % 3) * 8, 8], light('#d0a066', y * 0.5), 2),
      ),
    )
    .join('')
}

/** Lantern, blanket and hatchet, by file name of the picture. */
export const campfireDrawings = {
  'camp-lantern': () => table(rooms.sage, lantern('#4d6b57', false)),
  'camp-lantern-lit': () => darkRoom(rooms.night, lantern('#4d6b57', true)),
  'wool-blanket': () => table(rooms.sky, blanket()),
  hatchet: () => tabletop({ wall: '#c9bda6', floor: '#cfc3aa' }, woodChips(), hatchet()),
} as const
