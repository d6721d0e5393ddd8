import {
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  light,
  linear,
  lying,
  mix,
  path,
  radial,
  rect,
  scatter,
  standing,
  stroke,
  turned,
} from './kit.ts'
import { leaf } from './leaf.ts'
import { rooms, table, tabletop } from './room.ts'

function castle(): string {
  const brick = (x: number, y: number, width: number, height: number, colour: string) =>
    [
      path(`M${x + width} ${y}l16 -11v${height}l-16 11Z`, dark(colour, 0.42)),
      path(`M${x} ${y}l16 -11h${width}l-16 11Z`, light(colour, 0.5)),
      rect([x, y, width, height], linear(70, light(colour, 0.2), colour, dark(colour, 0.18))),
      ...scatter(4, x + y).map(([a, b]) =>
        stroke(
          `M${x + 6 + a * (width - 30)} ${y + 6 + b * (height - 12)}h${8 + b * 14}`,
          dark(colour, 0.3),
          1.6,
          { opacity: 0.35 },
        ),
      ),
    ].join('')
  const [red, blue, yellow, green, beech] = ['#c9503a', '#3f6f8f', '#dca23a', '#6f9464', '#e0b87f']
  return [
    standing(372, 600, 236),
    brick(150, 506, 88, 88, blue),
    brick(482, 506, 88, 88, blue),
    brick(238, 506, 60, 88, beech),
    brick(422, 506, 60, 88, beech),
    path('M298 594V560A62 62 0 0 1 422 560V594Z', '#5a3a2a'),
    path(
      'M298 506H422V594H408V564A48 48 0 0 0 312 564V594H298Z',
      linear(70, light(red, 0.25), dark(red, 0.2)),
    ),
    path('M298 506l16 -11h124l-16 11Z', light(red, 0.5)),
    brick(150, 418, 88, 78, yellow),
    brick(482, 418, 88, 78, yellow),
    brick(238, 446, 244, 50, green),
    brick(254, 388, 44, 48, red),
    brick(338, 388, 44, 48, red),
    brick(422, 388, 44, 48, red),
    brick(150, 330, 88, 78, beech),
    brick(482, 330, 88, 78, beech),
    path('M140 320L194 216L248 320Z', linear(20, light(red, 0.35), red, dark(red, 0.35))),
    path('M472 320L526 216L580 320Z', linear(20, light(blue, 0.35), blue, dark(blue, 0.35))),
    path('M248 320l14 -10l-58 -96l-10 2Z', dark(red, 0.5)),
    path('M580 320l14 -10l-58 -96l-10 2Z', dark(blue, 0.5)),
    ...[194, 526].map((x) => rect([x - 16, 350, 32, 44], dark(beech, 0.55), 16)),
    stroke('M360 388V292', '#8a5f38', 7),
    path('M362 292L430 312L362 336Z', linear(0, '#f3bd4a', '#d9952a')),
    turned(-16, [92, 604], brick(60, 590, 56, 40, green)),
    path('M614 622a38 38 0 0 1 76 0Z', linear(20, light(yellow, 0.4), dark(yellow, 0.2))),
  ].join('')
}

function bloom(x: number, y: number, size: number, colour: string): string {
  return [
    ...Array.from({ length: 8 }, (_, index) =>
      turned(
        index * 45,
        [x, y],
        path(
          `M${x} ${y - size * 0.25}C${x - size * 0.44} ${y - size * 0.6} ${x - size * 0.3} ${y - size} ${x} ${y - size}C${x + size * 0.3} ${y - size} ${x + size * 0.44} ${y - size * 0.6} ${x} ${y - size * 0.25}Z`,
          mix(colour, '#ffffff', index % 2 ? 0.1 : 0.22),
        ),
        ...[-0.14, 0, 0.14].map((lean) =>
          stroke(
            `M${x + lean * size * 0.6} ${y - size * 0.34}L${x + lean * size} ${y - size * 0.86}`,
            dark(colour, 0.25),
            1.8,
            { opacity: 0.6 },
          ),
        ),
      ),
    ),
    ...scatter(16, x).map(([a, b]) =>
      circle(
        x + (a - 0.5) * size * 0.5,
        y + (b - 0.5) * size * 0.5,
        size * 0.07,
        b > 0.5 ? '#f3c74f' : '#d99a2b',
      ),
    ),
  ].join('')
}

function embroidery(): string {
  return [
    lying(
      12,
      circle(350, 376, 262, linear(50, '#f0cf9d', '#c79a60', '#9a6c38')),
      rect([326, 82, 48, 40], linear(0, '#f7e3a8', '#c79b45', '#8a6626'), 6),
      rect([300, 92, 100, 13], linear(90, '#fff0bf', '#a87d34'), 6),
    ),
    circle(350, 376, 240, linear(50, '#a67842', '#dcb27a')),
    circle(350, 376, 230, radial([42, 38], 75, '#fdf8ea', '#f4ead2', '#dccdaa')),
    clipped(
      'M120 376a230 230 0 1 0 460 0a230 230 0 1 0 -460 0Z',
      faded(
        0.13,
        ...Array.from({ length: 58 }, (_, index) =>
          stroke(`M${118 + index * 8} 140V620M112 ${142 + index * 8}H590`, '#8d7a52', 1.2),
        ),
      ),
    ),
    stroke(
      'M350 560C330 470 270 420 240 330M350 560C360 460 420 420 450 340M350 560C346 460 350 380 348 280',
      '#5d8554',
      6,
      { 'stroke-dasharray': '11 3' },
    ),
    ...[
      [318, 470, -60],
      [290, 420, -70],
      [300, 440, 40],
      [386, 470, 60],
      [416, 420, 66],
      [406, 440, -40],
      [348, 420, -50],
      [350, 400, 54],
      [342, 520, -58],
      [356, 520, 58],
    ].map(([x = 0, y = 0, angle = 0], index) => leaf(x, y, 60, angle, index % 2 ? '#6f9464' : '#4f7a56')),
    bloom(348, 258, 66, '#d8604a'),
    bloom(234, 322, 56, '#e3a24a'),
    bloom(460, 330, 58, '#7d6bb0'),
    bloom(288, 386, 36, '#e58aa0'),
    bloom(410, 394, 34, '#5f93bf'),
    turned(
      32,
      [560, 560],
      lying(4, rect([500, 556, 150, 6], linear(90, '#ffffff', '#8d969b'), 3)),
      ellipse(634, 559, 9, 1.6, '#4b5257'),
    ),
    stroke('M420 592C470 640 500 560 560 600C600 630 650 580 628 604', '#d8604a', 4),
  ].join('')
}

/** Building blocks and an embroidery hoop, by file name of the picture. */
export const castleAndHoopDrawings = {
  'castle-blocks': () => table(rooms.peach, castle()),
  'embroidery-kit': () => tabletop({ wall: '#b9cbc6', floor: '#b4c9c3' }, embroidery()),
} as const
