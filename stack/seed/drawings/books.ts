import { circle, clipped, dark, linear, lying, path, radial, rect, stroke, turned } from './kit.ts'
import { leaf } from './leaf.ts'
import { rooms, tabletop } from './room.ts'

function book(
  box: readonly [x: number, y: number, width: number, height: number],
  cloth: string,
  art: string,
): string {
  const [x, y, width, height] = box
  return [
    lying(
      13,
      rect([x + 10, y + 12, width, height], dark(cloth, 0.5), 7),
      rect([x + 12, y + 8, width - 8, height - 4], '#efe5cf', 3),
      rect([x, y, width, height], cloth, 7),
    ),
    ...[0, 1, 2].map((sheet) =>
      stroke(`M${x + width + 2 + sheet * 2.4} ${y + 12}V${y + height + 2}`, '#c9bb9c', 1),
    ),
    clipped(`M${x} ${y}h${width}v${height}h${-width}Z`, art),
    rect(
      [x, y, width, height],
      linear(20, ['#ffffff', 0, 0.25], ['#ffffff', 45, 0], ['#1f1422', 100, 0.2]),
      7,
    ),
    rect([x + 20, y, 9, height], linear(0, ['#1f1422', 0, 0.3], ['#ffffff', 70, 0.18], ['#ffffff', 100, 0])),
  ].join('')
}

function title(x: number, y: number, size: number, colour: string, words: string): string {
  return `<text x="${x}" y="${y}" font-family="DejaVu Serif, Georgia, serif" font-size="${size}" text-anchor="middle" letter-spacing="1" fill="${colour}">${words}</text>`
}

function islandsNovel(): string {
  const art = [
    rect([186, 80, 360, 560], linear(90, '#f3c98f', '#ee9f77', '#b9627a', '#3d4a78')),
    circle(366, 330, 76, radial([50, 50], 50, '#fff6d8', '#ffe6a8')),
    path('M186 420C240 400 250 350 300 352C344 354 350 410 400 418H186Z', '#54456f'),
    path('M360 424C420 400 440 372 480 378C520 384 530 410 560 420V440H360Z', '#43395f'),
    rect([186, 416, 360, 230], linear(90, '#46578a', '#25305c')),
    ...Array.from({ length: 12 }, (_, row) =>
      stroke(
        `M${210 + ((row * 67) % 150)} ${436 + row * 11}h${40 + ((row * 41) % 100)}`,
        row < 9 ? '#f6c79a' : '#8fa0cf',
        3,
        { opacity: 0.55 },
      ),
    ),
    path('M292 470L318 404V470Z', '#fdf3dc') +
      path('M322 470V416L344 470Z', '#e9d3b4') +
      path('M280 474H352L338 488H294Z', '#5b2f2c'),
    title(366, 146, 33, '#3a2445', 'The Weather of'),
    title(366, 190, 33, '#3a2445', 'Small Islands'),
    title(366, 604, 19, '#f3e4cc', 'Marit Solheim-Bray'),
    stroke('M300 214H432', '#3a2445', 2),
  ].join('')
  return turned(7, [360, 360], book([186, 80, 360, 560], '#3d4a78', art))
}

function birdGuide(): string {
  const art = [
    rect([186, 80, 360, 560], '#e9e0c6'),
    rect([206, 100, 320, 520], 'none', 4, { stroke: '#4a6a52', 'stroke-width': 3 }),
    path('M186 80H546V206H186Z', '#4a6a52'),
    title(370, 138, 25, '#f4ead0', 'A Field Guide to'),
    title(370, 178, 31, '#f4ead0', 'Hedgerow Birds'),
    stroke('M200 520C280 480 400 500 546 440', '#6b4c34', 13),
    stroke('M330 496C360 460 400 450 430 400', '#7d5a3e', 7),
    ...[
      [240, 500, -30],
      [290, 492, 160],
      [440, 410, 20],
      [426, 400, -50],
      [500, 458, -24],
      [470, 470, 150],
    ].map(([x = 0, y = 0, angle = 0]) => leaf(x, y, 62, angle, '#6f9464')),
    ...[
      [270, 520],
      [286, 530],
      [262, 536],
      [466, 490],
      [480, 500],
    ].map(([x = 0, y = 0]) => circle(x, y, 10, radial([36, 30], 75, '#f28a6d', '#c2372a', '#7a1a14'))),
    path('M262 430C240 450 220 480 206 512L232 506L290 446Z', '#6d5844'),
    path(
      'M262 440C250 360 300 300 360 300C410 300 430 340 420 390C410 450 350 490 290 476C272 470 264 458 262 440Z',
      linear(60, '#a98a66', '#8b6d4e', '#6a5039'),
    ),
    path(
      'M420 350C424 420 370 478 300 474C340 450 340 380 372 344C392 330 412 334 420 350Z',
      linear(90, '#ec7f3c', '#d9622a', '#f3e6cf'),
    ),
    path('M280 400C300 380 340 390 356 430C330 462 290 462 262 446Z', '#5d4633'),
    path('M416 336L452 346L418 360Z', '#4b3b2c'),
    circle(390, 334, 10, '#1f1a18'),
    circle(387, 331, 3, '#ffffff'),
    stroke('M330 474V500M356 462L362 494', '#4b3b2c', 5),
    title(366, 586, 20, '#4a6a52', 'with 140 colour plates'),
  ].join('')
  return turned(-6, [360, 360], book([186, 80, 360, 560], '#4a6a52', art))
}

/** Books, by file name of the picture. */
export const bookDrawings = {
  'small-islands-novel': () => tabletop(rooms.butter, islandsNovel()),
  'hedgerow-birds-guide': () => tabletop({ wall: '#cfdccf', floor: '#c3d2c0' }, birdGuide()),
} as const
