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
  path,
  rect,
  stroke,
  turned,
} from './kit.ts'
import { rooms, tabletop } from './room.ts'

const pans = [
  '#f2d13c',
  '#eba52b',
  '#e0662b',
  '#c93a31',
  '#b14f86',
  '#6c4a94',
  '#3c569c',
  '#3f86b8',
  '#2f8f86',
  '#4f9150',
  '#9dbb45',
  '#8a5f38',
]

function pan(colour: string, index: number): string {
  const [x, y] = [136 + (index % 6) * 76, 274 + Math.floor(index / 6) * 86]
  const worn = `M${x + 16} ${y + 20}Q${x + 34} ${y + 8} ${x + 50} ${y + 24}Q${x + 54} ${y + 44} ${x + 40} ${y + 54}Q${x + 18} ${y + 56} ${x + 16} ${y + 20}Z`
  return [
    rect([x, y, 68, 76], linear(60, '#ffffff', '#cfcac0'), 7),
    rect([x + 7, y + 7, 54, 62], linear(60, dark(colour, 0.15), colour, light(colour, 0.15)), 6),
    path(worn, dark(colour, 0.3), { opacity: 0.45 }),
    ellipse(x + 24, y + 20, 10, 5, '#ffffff', { opacity: 0.6 }),
  ].join('')
}

function paintBox(): string {
  return [
    lying(
      12,
      rect([110, 250, 500, 300], linear(60, '#3a3a44', '#17171d'), 22),
      rect([110, 92, 500, 160], linear(60, '#fdfaf2', '#d9d6ce'), 22),
    ),
    rect([122, 104, 476, 138], linear(60, '#ece8df', '#ffffff'), 16),
    ...[0, 1, 2].map((well) => rect([136 + well * 154, 116, 140, 114], linear(60, '#d5d1c8', '#fbf9f4'), 20)),
    blurred(
      4,
      path('M160 170Q180 134 214 142Q262 150 256 190Q246 226 196 212Q156 206 160 170Z', '#3f86b8', {
        opacity: 0.7,
      }),
      path('M320 160Q350 130 384 140Q424 160 400 206Q372 224 336 208Q308 186 320 160Z', '#e0662b', {
        opacity: 0.65,
      }),
      path('M480 150Q520 128 546 150Q570 190 530 210Q486 220 470 190Q464 166 480 150Z', '#6f9464', {
        opacity: 0.6,
      }),
    ),
    rect([122, 262, 476, 276], linear(60, '#0f0f14', '#2e2e37'), 14),
    ...pans.map(pan),
    rect([136, 450, 448, 74], '#08080b', 10),
    brush(150, 488, 0),
  ].join('')
}

function brush(x: number, y: number, angleDegrees: number): string {
  return lying(
    4,
    turned(
      angleDegrees,
      [x, y],
      path(
        `M${x} ${y}C${x + 30} ${y - 20} ${x + 60} ${y - 14} ${x + 76} ${y - 12}V${y + 12}C${x + 60} ${y + 14} ${x + 30} ${y + 16} ${x} ${y}Z`,
        linear(0, '#2d5f92', '#7a4a2a', '#a9713f'),
      ),
      path(
        `M${x + 74} ${y - 13}H${x + 160}V${y + 13}H${x + 74}Z`,
        linear(90, '#ffffff', '#b7bfc4', '#7d868c'),
      ),
      path(
        `M${x + 158} ${y - 12}C${x + 260} ${y - 16} ${x + 340} ${y - 7} ${x + 420} ${y - 3}V${y + 5}C${x + 340} ${y + 9} ${x + 260} ${y + 16} ${x + 158} ${y + 12}Z`,
        linear(90, '#e8654c', '#b93a28', '#7c1f14'),
      ),
      stroke(`M${x + 110} ${y - 13}v26M${x + 122} ${y - 13}v26`, '#6d767c', 2),
    ),
  )
}

function paintingSheet(): string {
  return [
    turned(
      4,
      [360, 360],
      lying(10, rect([96, 70, 528, 560], '#fdfaf1', 3)),
      clipped(
        'M126 100H594V540H126Z',
        rect([126, 100, 468, 440], linear(90, '#bfdcea', '#f6e6cf', '#f3cfae')),
        circle(450, 230, 42, '#fbe6a2'),
        blurred(
          5,
          path('M110 380L240 250L330 350L420 280L620 400V460H110Z', '#7f97b8', { opacity: 0.75 }),
          path('M110 420C240 370 340 420 460 390C540 370 600 400 620 410V560H110Z', '#7fa07a', {
            opacity: 0.85,
          }),
        ),
        path('M110 470C260 430 400 480 620 440V560H110Z', '#5f8a5f', { opacity: 0.75 }),
        ...[
          [190, 470, 1],
          [250, 486, 0.8],
          [520, 470, 1.1],
        ].map(([x = 0, y = 0, size = 1]) =>
          faded(
            0.85,
            stroke(`M${x} ${y}v-30`, '#5d4434', 5),
            blurred(3, ellipse(x, y - 62 * size, 26 * size, 44 * size, '#3d6b4b')),
          ),
        ),
      ),
      rect([126, 100, 468, 440], 'none', 2, { stroke: '#e5dcc5', 'stroke-width': 3 }),
    ),
    brush(250, 640, -28),
  ].join('')
}

/** Watercolours, by file name of the picture. */
export const paintBoxDrawings = {
  'watercolour-box': () => tabletop(rooms.mint, paintBox()),
  'watercolour-box-in-use': () => tabletop({ wall: '#c9b190', floor: '#c9b190' }, paintingSheet()),
} as const
