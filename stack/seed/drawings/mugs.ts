import {
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  lathe,
  light,
  linear,
  lying,
  path,
  radial,
  round,
  scatter,
  standing,
  stroke,
} from './kit.ts'
import { rooms, table, tabletop } from './room.ts'

function mug(glaze: string, clay: string): string {
  const body = lathe(330, [
    [262, 134],
    [330, 137],
    [440, 134],
    [530, 122],
    [572, 106],
  ])
  const speckles = scatter(130, 7).map(([x, y]) =>
    circle(190 + x * 290, 275 + y * 250, 0.9 + ((x * 37) % 1) * 1.9, dark(clay, 0.55), { opacity: 0.55 }),
  )
  return [
    standing(335, 588, 118),
    stroke('M455 322C560 300 590 420 540 468C515 492 480 494 450 486', dark(glaze, 0.38), 34),
    stroke('M455 320C556 300 582 418 534 464C512 484 480 488 450 482', glaze, 27),
    stroke('M470 318C535 310 562 380 546 430', light(glaze, 0.5), 8, { opacity: 0.7 }),
    path(body, round(clay, 0.3)),
    clipped(
      body,
      path('M180 250H480V512C430 526 380 534 330 532C270 531 220 524 180 508Z', round(glaze, 0.45)),
      ...speckles,
      blurred(
        8,
        path('M232 300C226 380 232 450 246 505L266 508C252 450 248 380 254 302Z', '#ffffff', {
          opacity: 0.45,
        }),
      ),
    ),
    ellipse(330, 262, 134, 31, linear(0, light(glaze, 0.5), glaze, dark(glaze, 0.25))),
    ellipse(330, 264, 122, 25, linear(0, dark(glaze, 0.5), dark(glaze, 0.3), light(glaze, 0.15))),
    clipped(
      'M208 264A122 25 0 0 0 452 264A122 25 0 0 0 208 264Z',
      ellipse(330, 280, 116, 24, radial([40, 40], 60, '#7a4a2a', '#4a2815')),
    ),
  ].join('')
}

function mugFromAbove(glaze: string): string {
  return [
    lying(
      14,
      stroke('M520 300C590 250 650 290 640 350C632 398 580 410 540 392', dark(glaze, 0.15), 34),
      stroke('M520 298C586 252 642 290 632 346C624 390 580 402 540 386', light(glaze, 0.2), 16),
      circle(340, 360, 218, radial([38, 34], 70, light(glaze, 0.6), glaze, dark(glaze, 0.3))),
    ),
    circle(
      340,
      360,
      198,
      radial([62, 66], 62, light(glaze, 0.2), [dark(glaze, 0.1), 60], [dark(glaze, 0.5), 100]),
    ),
    circle(344, 366, 180, radial([42, 38], 70, '#9a6238', '#5d3319', '#3a1d0d')),
    circle(344, 366, 176, 'none', { stroke: '#c99560', 'stroke-width': 5, opacity: 0.65 }),
    faded(
      0.8,
      blurred(
        2,
        stroke('M250 300C300 250 380 250 430 300', '#d9ab78', 10),
        stroke('M280 420C320 450 370 448 410 415', '#c08a55', 8),
      ),
    ),
    ...scatter(16, 3).map(([x, y]) =>
      circle(230 + x * 220, 250 + y * 220, 2 + y * 5, '#dcb583', { opacity: 0.75 }),
    ),
    ...scatter(70, 9).map(([angle, size]) => {
      const turn = angle * Math.PI * 2
      return circle(340 + Math.cos(turn) * 208, 360 + Math.sin(turn) * 208, 1 + size * 2, dark(glaze, 0.6), {
        opacity: 0.5,
      })
    }),
  ].join('')
}

/** Mugs, by file name of the picture. */
export const mugDrawings = {
  'speckled-mug-oat': () => table(rooms.blush, mug('#efe3cf', '#c99d74')),
  'speckled-mug-oat-above': () => tabletop(rooms.cream, mugFromAbove('#efe3cf')),
  'speckled-mug-ink': () => table(rooms.cream, mug('#3f5a78', '#b98d66')),
} as const
