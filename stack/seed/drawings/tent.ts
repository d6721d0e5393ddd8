import {
  blurred,
  circle,
  dark,
  ellipse,
  faded,
  light,
  linear,
  path,
  radial,
  rect,
  scatter,
  stroke,
} from './kit.ts'
import { glow } from './room.ts'

function hills(sky: readonly [string, string], near: string, far: string, ...parts: string[]): string {
  return [
    rect([0, 0, 720, 720], linear(90, sky[0], sky[1])),
    path('M-10 420L120 290L230 380L380 230L520 360L620 290L740 400V720H-10Z', far),
    path(
      'M-10 470C140 400 260 450 380 430C520 410 620 440 740 410V720H-10Z',
      linear(90, light(near, 0.12), near),
    ),
    path('M-10 520C180 490 400 520 740 486V720H-10Z', linear(90, light(near, 0.06), dark(near, 0.3))),
    ...parts,
    rect([0, 0, 720, 720], radial([46, 42], 80, ['#2a1c2e', 60, 0], ['#2a1c2e', 100, 0.24])),
  ].join('')
}

function pine(x: number, base: number, height: number, green: string): string {
  const tiers = [0, 1, 2, 3].map((tier) => {
    const top = base - height + tier * height * 0.21
    const half = height * (0.13 + tier * 0.055)
    return path(
      `M${x} ${top}L${x + half} ${top + height * 0.32}Q${x} ${top + height * 0.26} ${x - half} ${top + height * 0.32}Z`,
      linear(0, light(green, 0.12), dark(green, 0.25)),
    )
  })
  return rect([x - 5, base - 26, 10, 30], '#4b3a30') + tiers.reverse().join('')
}

function tent(fabric: string, lit: boolean): string {
  const left = lit ? linear(90, '#ffe9a8', '#f8bb5e', '#d98a3c') : linear(20, light(fabric, 0.4), fabric)
  const right = lit
    ? linear(90, '#f5c26b', '#d08a3e', '#9c5f2b')
    : linear(20, dark(fabric, 0.1), dark(fabric, 0.42))
  return [
    faded(0.5, blurred(10, ellipse(370, 612, 290, 26, '#1a1420'))),
    stroke('M300 250L60 622M520 262L676 606', lit ? '#0f1420' : '#e9e2d0', 3),
    path('M300 250C390 236 470 240 520 262C560 360 600 480 640 590L470 618Z', right),
    path('M300 250C250 370 180 500 96 604L470 618C420 500 350 350 300 250Z', left),
    path(
      'M300 262C276 380 246 500 214 608L382 615C360 500 330 370 300 262Z',
      lit
        ? radial([50, 80], 80, '#fff6d2', '#ffd27a', '#e79b45')
        : linear(90, dark(fabric, 0.62), dark(fabric, 0.74)),
    ),
    path(
      'M300 258C286 380 262 500 214 608C236 560 246 470 250 420C262 350 284 300 300 258Z',
      light(fabric, lit ? 0.3 : 0.55),
    ),
    path('M300 258C322 380 356 500 382 615L430 616C392 510 350 380 300 258Z', light(fabric, lit ? 0.2 : 0.3)),
    stroke('M372 560L398 556M366 500L390 492', dark(fabric, 0.6), 5),
    stroke('M300 250C350 350 420 500 470 618', dark(fabric, 0.5), 3, { opacity: 0.6 }),
    stroke('M520 262C560 360 600 480 640 590', light(fabric, 0.3), 3, { opacity: 0.6 }),
    stroke('M410 246C450 360 510 500 556 604', dark(fabric, 0.6), 2.5, { opacity: 0.5 }),
    stroke('M298 236V262M520 250V266', '#d9d3c4', 6),
    path('M256 606C300 596 340 598 366 612L300 622Z', lit ? '#fff2c4' : '#c8553f'),
    ...[
      [60, 622],
      [676, 606],
      [96, 604],
      [640, 590],
      [470, 618],
    ].map(([x = 0, y = 0]) => stroke(`M${x - 5} ${y - 9}L${x + 4} ${y + 12}`, '#8e959b', 5)),
  ].join('')
}

function tentByDay(): string {
  return hills(
    ['#bcdcea', '#f3e7cf'],
    '#7f9c5f',
    '#9db4bd',
    pine(70, 520, 170, '#4f7656'),
    pine(640, 500, 210, '#456b4e'),
    pine(700, 516, 150, '#557d5b'),
    tent('#d98a3d', false),
    ...scatter(26, 3).map(([x, y]) =>
      stroke(`M${x * 720} ${640 + y * 70}l-5 -18m5 18l2 -22m-2 22l9 -15`, '#5f7d45', 3),
    ),
  )
}

function tentByNight(): string {
  const stars = scatter(70, 12).map(([x, y], index) =>
    circle(x * 720, y * 380, 0.8 + (index % 4) * 0.5, '#fdf6e0', { opacity: 0.8 }),
  )
  const moon = circle(580, 110, 42, radial([40, 36], 70, '#fffbe8', '#efe3b8')) + glow(580, 110, 150, 0.4)
  return hills(
    ['#1c2646', '#4b5680'],
    '#26344a',
    '#303c62',
    ...stars,
    moon,
    path('M-10 470C140 400 260 450 380 430C520 410 620 440 740 410V720H-10Z', '#22304a'),
    pine(70, 520, 170, '#1c3040'),
    pine(640, 500, 210, '#182a3a'),
    glow(330, 470, 330),
    tent('#b06a34', true),
  )
}

/** A tent by day and by night, by file name of the picture. */
export const tentDrawings = {
  'ridge-tent': tentByDay,
  'ridge-tent-at-night': tentByNight,
} as const
