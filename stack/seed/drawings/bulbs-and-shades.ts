import {
  ball,
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  light,
  linear,
  metal,
  path,
  radial,
  rect,
  scatter,
  standing,
  stroke,
} from './kit.ts'
import { darkWall, glow, rooms, table, wall } from './room.ts'

function bulb(x: number, y: number, size: number): string {
  return [
    rect([x - size * 0.42, y - size * 1.5, size * 0.84, size * 0.8], '#26202a', 4),
    path(
      `M${x - size * 0.36} ${y - size * 0.72}C${x - size * 1.05} ${y} ${x - size * 0.9} ${y + size * 1.1} ${x} ${y + size * 1.15}C${x + size * 0.9} ${y + size * 1.1} ${x + size * 1.05} ${y} ${x + size * 0.36} ${y - size * 0.72}Z`,
      radial([50, 55], 60, '#fffbe6', '#ffe3a0', ['#ffbe5c', 100, 0.95]),
    ),
    ellipse(x - size * 0.3, y, size * 0.14, size * 0.34, '#ffffff', { opacity: 0.9 }),
  ].join('')
}

function festoon(): string {
  const spots = [
    [70, 236],
    [168, 292],
    [270, 318],
    [372, 314],
    [474, 284],
    [570, 232],
    [656, 168],
  ].map(([x = 0, y = 0]) => [x, y + 34] as const)
  const low = [
    [40, 470],
    [140, 532],
    [248, 572],
    [362, 586],
    [476, 566],
    [584, 520],
    [680, 452],
  ].map(([x = 0, y = 0]) => [x, y + 34] as const)
  return [
    ...scatter(46, 21).map(([x, y]) =>
      circle(x * 720, y * 330, 0.8 + ((x * 91) % 1) * 1.4, '#f4ecd8', { opacity: 0.5 }),
    ),
    path(
      'M-10 720V560C40 520 60 560 110 540C150 500 200 560 250 548C300 520 360 580 410 556C470 520 520 570 580 546C630 520 680 560 730 540V720Z',
      '#151a2a',
    ),
    stroke('M-20 170C160 350 470 380 740 90', '#17131c', 7),
    stroke('M-20 418C180 620 500 640 740 396', '#17131c', 7),
    ...[...spots, ...low].map(([x, y]) => glow(x, y, 120, 0.85)),
    ...spots.map(([x, y]) => bulb(x, y, 29)),
    ...low.map(([x, y]) => bulb(x, y, 33)),
  ].join('')
}

function tripodLamp(): string {
  const shade = 'M252 96H468L528 296Q360 330 192 296Z'
  const legs = [
    ['M352 318L238 608', '#c2935c'],
    ['M372 318L482 608', '#b5854f'],
    ['M362 318L372 640', '#d3a66d'],
  ]
  return [
    standing(360, 624, 150, 0.8),
    ...legs.flatMap(([d = '', colour = '']) => [
      stroke(d, dark(colour, 0.45), 21),
      stroke(d, colour, 15),
      stroke(d, light(colour, 0.5), 4, { opacity: 0.8 }),
    ]),
    stroke('M296 462H432', '#8e6a3c', 7),
    circle(364, 466, 11, metal('#b8934e')),
    rect([328, 296, 68, 36], metal('#b8934e'), 9),
    path(shade, linear(0, '#d5c3a2', '#f8efdb', '#fffaf0', '#ecdcbd', '#c5ad84')),
    clipped(
      shade,
      ...Array.from({ length: 46 }, (_, index) =>
        stroke(`M${190 + index * 7.6} 90L${132 + index * 10} 320`, '#b59a6c', 1.2, { opacity: 0.22 }),
      ),
      ...Array.from({ length: 26 }, (_, index) =>
        stroke(`M180 ${100 + index * 9}H540`, '#b59a6c', 1.1, { opacity: 0.2 }),
      ),
      blurred(22, ellipse(352, 230, 96, 82, '#fff2c6', { opacity: 0.9 })),
    ),
    stroke('M192 296Q360 330 528 296', '#c8b083', 6),
    ellipse(360, 97, 108, 14, linear(0, '#c9b48b', '#efe1c4')),
    ellipse(360, 99, 90, 9, '#8f7a55'),
  ].join('')
}

function filamentBulb(): string {
  const coil = 'M330 430L300 250L326 380L342 230L360 390L378 230L394 380L420 250L390 430'
  return [
    glow(360, 420, 340),
    stroke('M360 -10V90', '#1d161c', 9),
    `<g transform="rotate(180 360 360)">`,
    path(
      'M360 116C420 118 470 170 496 250C520 330 470 390 434 440C416 466 410 490 408 514H312C310 490 304 466 286 440C250 390 200 330 224 250C250 170 300 118 360 116Z',
      radial(
        [50, 48],
        62,
        ['#fff1c0', 0, 0.7],
        ['#ffc766', 45, 0.36],
        ['#c98433', 86, 0.34],
        ['#ffe6b8', 100, 0.7],
      ),
    ),
    stroke(
      'M360 116C420 118 470 170 496 250C520 330 470 390 434 440C416 466 410 490 408 514M360 116C300 118 250 170 224 250C200 330 250 390 286 440C304 466 310 490 312 514',
      '#ffdf9e',
      4,
      { opacity: 0.6 },
    ),
    stroke('M346 512L330 430M374 512L390 430', '#d7c6a4', 4),
    stroke('M360 512V240', '#f2e4c2', 7, { opacity: 0.45 }),
    blurred(7, stroke(coil, '#ffb547', 11)),
    stroke(coil, '#fff4cf', 3.6),
    blurred(
      5,
      path(
        'M470 300C470 360 440 400 404 428L412 414C440 380 452 340 448 296C446 262 470 262 470 300Z',
        '#ffffff',
        { opacity: 0.75 },
      ),
    ),
    stroke('M262 240C256 280 268 330 292 366', '#fff6de', 5, { opacity: 0.6 }),
    rect([308, 506, 104, 30], metal('#b9904a'), 8),
    ...[0, 1, 2, 3].map((index) =>
      rect([304 + index * 3, 534 + index * 21, 112 - index * 6, 19], metal('#c4a05a'), 9),
    ),
    path('M300 600H420L410 668Q360 690 310 668Z', linear(0, '#120d12', '#4a4048', '#2b232a', '#120d12')),
    '</g>',
  ].join('')
}

function sconce(): string {
  const shade = 'M262 180H458L520 390Q360 420 200 390Z'
  return [
    blurred(30, path('M250 180L120 -40H600L470 180Z', '#fff4cf', { opacity: 0.85 })),
    blurred(30, path('M210 390L90 700H630L510 390Z', '#fff0c4', { opacity: 0.7 })),
    faded(0.28, blurred(18, path('M250 210H500L570 430H250Z', '#3b2a22'))),
    ellipse(360, 520, 46, 66, metal('#b58a45')),
    ellipse(360, 520, 33, 52, linear(40, '#e8cf8f', '#a67c39')),
    stroke('M360 404V524', dark('#b58a45', 0.4), 17),
    stroke('M358 404V524', '#e6c987', 8),
    rect([322, 420, 76, 13], metal('#b58a45'), 6),
    circle(360, 528, 21, ball('#c79b50')),
    path(shade, radial([50, 60], 70, '#fffdf0', '#fdf0cd', '#e9d09b', '#cfae74')),
    ...Array.from({ length: 17 }, (_, index) =>
      stroke(
        `M${262 + index * 12.25} 182L${200 + index * 20} ${391 + Math.sin((index / 16) * Math.PI) * 15}`,
        index % 2 === 0 ? '#b8935a' : '#fff8e2',
        2.4,
        { opacity: 0.5 },
      ),
    ),
    stroke('M262 180H458', '#c9a86c', 6),
    stroke('M200 390Q360 420 520 390', '#c9a86c', 6),
    circle(360, 568, 5, '#7a5a2a'),
  ].join('')
}

/** Bulbs and lamps with a cloth shade, by file name of the picture. */
export const bulbAndShadeDrawings = {
  'festoon-lights': () => darkWall({ wall: '#34406a', floor: '#2b3455' }, festoon()),
  'ash-tripod-lamp': () => table(rooms.sky, tripodLamp()),
  'filament-bulb': () => darkWall({ wall: '#5d4239', floor: '#4a332d' }, filamentBulb()),
  'pleated-wall-light': () => wall({ wall: '#c9b49c', floor: '#b99f82' }, sconce()),
} as const
