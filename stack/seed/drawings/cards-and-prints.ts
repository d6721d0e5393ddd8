import {
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  group,
  light,
  linear,
  lying,
  path,
  radial,
  rect,
  scatter,
  standing,
  stroke,
  turned,
} from './kit.ts'
import { leaf } from './leaf.ts'
import { rooms, table, tabletop, wall } from './room.ts'

function envelope(paper: string): string {
  return [
    rect([0, 0, 330, 230], linear(60, light(paper, 0.2), paper), 6),
    path('M0 6L165 130L330 6V0H0Z', dark(paper, 0.08)),
    stroke('M2 226L120 108M328 226L210 108', dark(paper, 0.25), 2, { opacity: 0.6 }),
    path(
      'M0 4L150 124Q165 134 180 124L330 4Q326 0 320 0H10Q4 0 0 4Z',
      linear(90, light(paper, 0.3), dark(paper, 0.06)),
    ),
    stroke('M4 6L150 124Q165 134 180 124L326 6', dark(paper, 0.3), 2, { opacity: 0.6 }),
  ].join('')
}

function card(art: string): string {
  return (
    lying(7, rect([0, 0, 250, 340], '#fbf5e8', 5)) +
    rect([12, 12, 226, 316], 'none', 3, { stroke: '#cbb892', 'stroke-width': 1.6 }) +
    art
  )
}

function letterpressCards(): string {
  const sprig = group(
    'translate(125 290)',
    stroke('M0 0C-8 -70 8 -140 0 -230', '#4f6f4a', 4),
    ...[0, 1, 2, 3, 4, 5].flatMap((step) => [
      leaf(-1, -30 - step * 34, 68 - step * 5, -58, '#6f9464'),
      leaf(1, -46 - step * 34, 68 - step * 5, 58, '#557d50'),
    ]),
    leaf(0, -226, 46, 0, '#6f9464'),
  )
  const sun = group(
    'translate(125 170)',
    ...Array.from({ length: 24 }, (_, index) =>
      turned(index * 15, [0, 0], rect([-3, -104, 6, index % 2 ? 30 : 44], '#d98b2b', 3)),
    ),
    circle(0, 0, 48, radial([40, 34], 75, '#f6c35a', '#df912c')),
  )
  const whale = group(
    'translate(125 190)',
    path(
      'M-92 10C-84 -50 20 -66 64 -14C76 0 84 -8 88 -40C104 -36 112 -44 110 -60C96 -62 90 -58 84 -50C76 -60 66 -62 56 -58C58 -42 66 -36 80 -38',
      '#34587c',
    ),
    path('M-92 10C-84 -54 24 -66 66 -12C60 40 -70 62 -92 10Z', linear(90, '#4c7aa5', '#2c4c70')),
    path('M-90 16C-60 36 0 40 50 10C40 44 -70 56 -90 16Z', '#e6dfcf'),
    circle(-58, 0, 5, '#141c28'),
    stroke('M-20 -62C-24 -92 -44 -92 -46 -80M-20 -62C-16 -96 6 -96 6 -82', '#6fa3cc', 5),
    ...[0, 1, 2].map((row) =>
      stroke(`M${-90 + row * 14} ${76 + row * 18}q15 -12 30 0t30 0t30 0t30 0t30 0`, '#6fa3cc', 4),
    ),
  )
  return [
    group('translate(110 450) rotate(-8)', lying(7, envelope('#d99a7c'))),
    group('translate(330 430) rotate(6)', lying(7, envelope('#8fa9a0'))),
    group('translate(80 130) rotate(-10)', card(sprig)),
    group('translate(396 110) rotate(9)', card(whale)),
    group('translate(232 76) rotate(-1)', card(sun)),
  ].join('')
}

function moonPoster(): string {
  const phases = [-1, -0.66, -0.33, 0, 0.33, 0.66, 1]
  const moon = (x: number, y: number, radius: number, phase: number) => {
    const lit = circle(x, y, radius, radial([40, 36], 70, '#fff9e6', '#f0e3bd', '#cdbb8c'))
    const craters = scatter(7, x + y).map(([a, b]) =>
      circle(
        x + (a - 0.5) * radius * 1.3,
        y + (b - 0.5) * radius * 1.3,
        radius * (0.07 + a * 0.1),
        '#b7a476',
        { opacity: 0.4 },
      ),
    )
    const shade = circle(x + phase * radius * 2.05, y, radius * 1.04, '#18243f', {
      opacity: phase === 1 || phase === -1 ? 0 : 0.94,
    })
    return clipped(
      `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${radius * 2} 0a${radius} ${radius} 0 1 0 ${-radius * 2} 0Z`,
      lit,
      ...craters,
      phase === 0 ? '' : shade,
    )
  }
  return [
    faded(0.4, `<g filter="url(#blur-14)">${rect([196, 96, 366, 520], '#2a1c2e')}</g>`),
    rect([176, 66, 368, 524], linear(0, '#b98954', '#d8ab74', '#9b6c3a')),
    rect([190, 80, 340, 496], linear(90, '#18243f', '#22335a', '#18243f')),
    rect([206, 96, 308, 464], 'none', 0, { stroke: '#c9ae6c', 'stroke-width': 1.6 }),
    ...scatter(80, 40).map(([x, y], index) =>
      circle(210 + x * 300, 100 + y * 456, 0.7 + (index % 3) * 0.5, '#efe4c4', { opacity: 0.7 }),
    ),
    circle(360, 270, 112, 'none', { stroke: '#c9ae6c', 'stroke-width': 1.5, opacity: 0.8 }),
    moon(360, 270, 92, 0),
    ...phases.filter((phase) => phase !== 0).map((phase, index) => moon(246 + index * 45.6, 440, 18, phase)),
    `<text x="360" y="508" font-family="DejaVu Serif, Georgia, serif" font-size="22" text-anchor="middle" letter-spacing="7" fill="#e6d3a0">MOON YEAR</text>`,
    stroke('M290 526H430', '#c9ae6c', 1.6),
    rect(
      [190, 80, 340, 496],
      linear(30, ['#ffffff', 0, 0.2], ['#ffffff', 32, 0.03], ['#ffffff', 33, 0], ['#ffffff', 100, 0]),
    ),
    rect([0, 640, 720, 80], linear(90, '#c9a67c', '#a98259')),
    rect([0, 636, 720, 7], light('#c9a67c', 0.4)),
    ellipse(620, 642, 56, 9, '#2a1c2e', { opacity: 0.35 }),
    path('M580 560H650L640 638Q612 648 590 638Z', linear(0, '#e9dfcc', '#fffaf0', '#bfae92')),
    leaf(612, 562, 130, -24, '#6f9464'),
    leaf(616, 562, 150, 4, '#7fa472'),
    leaf(622, 562, 120, 32, '#5d8554'),
  ].join('')
}

function roll(x: number, paper: string, print: string, band: string): string {
  const outline = `M${x - 56} 130H${x + 56}V590Q${x} 612 ${x - 56} 590Z`
  return [
    standing(x, 598, 58),
    path(outline, paper),
    clipped(outline, print),
    path(
      outline,
      linear(
        0,
        ['#1f1422', 0, 0.34],
        ['#1f1422', 16, 0.02],
        ['#ffffff', 32, 0.42],
        ['#ffffff', 50, 0],
        ['#1f1422', 82, 0.28],
        ['#1f1422', 100, 0.46],
      ),
    ),
    ellipse(x, 130, 56, 14, light(paper, 0.5)),
    ...[44, 34, 25].map((radius) =>
      ellipse(x, 130, radius, radius * 0.25, 'none', { stroke: dark(paper, 0.35), 'stroke-width': 2 }),
    ),
    ellipse(x, 130, 17, 4.5, '#3a2a26'),
    path(`M${x - 57} 360Q${x} 378 ${x + 57} 360V420Q${x} 438 ${x - 57} 420Z`, band),
    path(
      `M${x - 57} 360Q${x} 378 ${x + 57} 360V420Q${x} 438 ${x - 57} 420Z`,
      linear(0, ['#1f1422', 0, 0.3], ['#ffffff', 32, 0.3], ['#1f1422', 100, 0.4]),
    ),
  ].join('')
}

function wrappingPaper(): string {
  const cell = (x: number, draw: (cx: number, cy: number, index: number) => string) =>
    Array.from({ length: 36 }, (_, index) =>
      draw(
        x - 50 + (index % 3) * 44 + (Math.floor(index / 3) % 2) * 22,
        150 + Math.floor(index / 3) * 39,
        index,
      ),
    ).join('')
  return [
    roll(
      196,
      '#2f5560',
      cell(
        196,
        (x, y, index) =>
          leaf(x, y + 18, 34, (index * 70) % 180, '#9dc3ae') + circle(x + 14, y - 6, 4, '#e9b75a'),
      ),
      '#f3ead2',
    ),
    roll(
      524,
      '#f3e3c4',
      cell(
        524,
        (x, y, index) =>
          circle(x, y, 11, ['#c9503a', '#3f6f8f', '#dca23a'][index % 3] ?? '#c9503a') +
          circle(x, y, 4.5, '#f3e3c4'),
      ),
      '#8a5330',
    ),
    roll(
      360,
      '#c9503a',
      cell(
        360,
        (x, y) =>
          [0, 60, 120, 180, 240, 300]
            .map((angle) => turned(angle, [x, y], ellipse(x, y - 8, 4, 8, '#fbe8cf')))
            .join('') + circle(x, y, 4, '#e9b75a'),
      ),
      '#f3ead2',
    ),
  ].join('')
}

/** Cards, a poster and wrapping paper, by file name of the picture. */
export const cardAndPrintDrawings = {
  'letterpress-cards': () => tabletop({ wall: '#d9c8cf', floor: '#dccbd0' }, letterpressCards()),
  'moon-year-poster': () => wall(rooms.blush, moonPoster()),
  'wrapping-paper': () => table(rooms.lilac, wrappingPaper()),
} as const
