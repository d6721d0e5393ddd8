import {
  ball,
  blurred,
  circle,
  clipped,
  dark,
  ellipse,
  faded,
  lathe,
  light,
  linear,
  metal,
  path,
  radial,
  rect,
  round,
  standing,
  stroke,
  turned,
} from './kit.ts'
import { darkRoom, glow, rooms, table, wall } from './room.ts'

function deskLamp(lit: boolean): string {
  const brass = '#c29a4b'
  const shade = 'M-78 62L-44 -34Q-40 -48 -24 -48H24Q40 -48 44 -34L78 62Z'
  const place = 'translate(246 232) rotate(24)'
  return [
    lit ? faded(0.5, blurred(14, ellipse(236, 598, 210, 40, '#ffd894'))) : '',
    standing(430, 596, 128, lit ? 0.8 : 1),
    lit
      ? path(
          'M150 260L300 320L440 590H20Z',
          linear(100, ['#ffdf9c', 0, 0.75], ['#ffd58a', 60, 0.22], ['#ffcf80', 100, 0]),
        )
      : '',
    ellipse(430, 590, 128, 27, dark(brass, 0.5)),
    ellipse(430, 582, 128, 27, linear(0, light(brass, 0.5), brass, dark(brass, 0.35))),
    ellipse(430, 578, 104, 19, linear(0, brass, light(brass, 0.5), dark(brass, 0.2))),
    stroke('M430 574L514 352', dark(brass, 0.5), 17),
    stroke('M427 573L511 351', light(brass, 0.15), 11),
    stroke('M425 570L508 352', light(brass, 0.8), 3),
    stroke('M516 350L262 192', dark(brass, 0.5), 17),
    stroke('M514 346L260 189', light(brass, 0.15), 11),
    stroke('M512 342L262 186', light(brass, 0.8), 3),
    stroke('M470 470C540 440 560 380 520 350', '#3a3036', 4),
    circle(514, 350, 21, ball(brass)),
    circle(514, 350, 8, dark(brass, 0.5)),
    circle(430, 570, 19, ball(brass)),
    `<g transform="${place}">`,
    rect([-17, -74, 34, 32], metal(brass), 8),
    lit
      ? ellipse(0, 62, 78, 20, '#fff3cf')
      : ellipse(0, 62, 78, 20, linear(0, dark(brass, 0.6), dark(brass, 0.3))),
    lit ? '' : ellipse(0, 62, 30, 14, '#f7f1e2'),
    path(shade, metal(brass)),
    stroke('M-78 62Q0 84 78 62', lit ? '#fff0c2' : dark(brass, 0.4), lit ? 5 : 3),
    '</g>',
    lit ? glow(222, 300, 260) : '',
  ].join('')
}

function mushroomLamp(shade: string, lit: boolean): string {
  const dome = 'M156 352C150 200 240 126 360 126C480 126 570 200 564 352C560 376 160 376 156 352Z'
  const foot = lathe(360, [
    [360, 58],
    [400, 44],
    [470, 42],
    [540, 66],
    [578, 104],
  ])
  const paint = lit
    ? radial([50, 62], 68, ['#fffbea', 0], [light(shade, 0.7), 32], [light(shade, 0.2), 70], [shade, 100])
    : radial([34, 24], 88, [light(shade, 0.75), 0], [shade, 48], [dark(shade, 0.36), 100])
  return [
    lit ? glow(360, 300, 360) : '',
    standing(362, 592, 108, lit ? 0.7 : 1),
    lit ? faded(0.7, blurred(18, ellipse(360, 600, 240, 36, '#ffcf86'))) : '',
    path(foot, lit ? linear(90, light(shade, 0.7), light(shade, 0.1), dark(shade, 0.2)) : round(shade, 0.6)),
    ellipse(360, 352, 196, 34, lit ? '#fff4d4' : dark(shade, 0.45)),
    ellipse(360, 356, 92, 18, lit ? '#ffffff' : dark(shade, 0.2)),
    path(dome, paint),
    stroke('M157 352C164 386 556 386 563 352', lit ? '#fffaea' : dark(shade, 0.2), 4, { opacity: 0.8 }),
    blurred(
      8,
      path('M210 320C206 240 250 180 310 158L330 170C276 196 240 250 240 318Z', '#ffffff', {
        opacity: lit ? 0.35 : 0.75,
      }),
    ),
    stroke('M440 584C520 610 600 596 690 640', lit ? '#1c1420' : '#6d5a52', 5),
  ].join('')
}

function paperGlobe(): string {
  const ribs = [-208, -176, -140, -104, -66, -26, 14, 54, 94, 130, 162, 190].map((offset) => {
    const half = Math.sqrt(Math.max(0, 214 * 214 - offset * offset))
    return stroke(
      `M${360 - half} ${390 + offset}Q360 ${390 + offset + half * 0.16} ${360 + half} ${390 + offset}`,
      '#b9a27a',
      2.4,
      { opacity: 0.55 },
    )
  })
  return [
    faded(0.35, blurred(26, circle(430, 440, 200, '#5b4636'))),
    stroke('M360 -10V176', '#4a4046', 5),
    rect([346, 150, 28, 36], metal('#b8935a'), 5),
    circle(360, 390, 214, radial([42, 44], 66, '#fffdf4', '#fdf3da', '#ecd7ab', '#cfb27e')),
    ...ribs,
    ellipse(360, 183, 52, 11, linear(0, '#d9c193', '#a78a57')),
    ellipse(360, 596, 56, 9, '#c4a66e', { opacity: 0.75 }),
    faded(0.6, blurred(14, ellipse(300, 320, 76, 90, '#ffffff'))),
  ].join('')
}

function enamelPendant(colour: string): string {
  const shade =
    'M320 236Q322 208 360 208Q398 208 400 236C404 300 560 330 594 470C596 490 124 490 126 470C160 330 316 300 320 236Z'
  return [
    faded(0.3, blurred(22, path('M200 520C240 360 400 330 420 260L640 480Z', '#3d2c30'))),
    stroke('M360 -10V150', '#38323a', 6),
    path('M338 150Q360 132 382 150L392 214H328Z', metal('#b08a48')),
    path('M340 118H380V152H340Z', metal('#8f8b88')),
    path(shade, round(colour, 0.45)),
    clipped(
      shade,
      blurred(
        9,
        path('M196 460C214 380 320 330 342 240L364 246C350 340 250 390 236 464Z', '#ffffff', {
          opacity: 0.55,
        }),
      ),
    ),
    ellipse(360, 474, 234, 46, linear(0, dark(colour, 0.4), colour, dark(colour, 0.5))),
    ellipse(360, 476, 222, 39, linear(90, '#d9d2c4', '#fbf6ea')),
    ellipse(360, 482, 150, 24, radial([50, 50], 60, '#ffffff', '#fff2cd', '#f1e4c8')),
    circle(360, 488, 46, radial([42, 36], 70, '#ffffff', '#fff1c4', '#f0cf8d')),
    ellipse(344, 474, 13, 9, '#ffffff', { opacity: 0.9 }),
  ].join('')
}

function candle(cx: number, base: number, half: number, height: number, wax: string): string {
  const top = base - height
  const body = `M${cx - half} ${top}V${base - 4}Q${cx} ${base + half * 0.4} ${cx + half} ${base - 4}V${top}Z`
  return [
    standing(cx, base + 4, half * 1.05),
    path(body, linear(0, dark(wax, 0.2), wax, light(wax, 0.45), wax, dark(wax, 0.38))),
    clipped(
      body,
      ...Array.from({ length: Math.ceil(height / 26) * 7 }, (_, index) => {
        const [row, column] = [Math.floor(index / 7), index % 7]
        const x = cx - half + ((column + (row % 2) / 2) * half) / 3
        return path(`M${x} ${top + row * 26}l12 8v13l-12 8l-12 -8v-13Z`, 'none', {
          stroke: dark(wax, 0.35),
          'stroke-width': 2,
          opacity: 0.35,
        })
      }),
      rect([cx - half, top, half * 2, 60], linear(90, ['#fff0b0', 0, 0.75], ['#ffd270', 100, 0])),
    ),
    ellipse(cx, top, half, half * 0.22, linear(0, light(wax, 0.35), '#ffe9a6', wax)),
    ellipse(cx, top + 1, half * 0.55, half * 0.11, '#fff3bd'),
    stroke(`M${cx} ${top}V${top - 18}`, '#3a2a22', 4),
    path(
      `M${cx} ${top - 78}C${cx + 24} ${top - 40} ${cx + 18} ${top - 10} ${cx} ${top - 8}C${cx - 18} ${top - 10} ${cx - 22} ${top - 36} ${cx} ${top - 78}Z`,
      linear(90, '#ffce55', '#ffb02e', '#ff8d1f'),
    ),
    path(
      `M${cx} ${top - 50}C${cx + 11} ${top - 30} ${cx + 8} ${top - 13} ${cx} ${top - 12}C${cx - 8} ${top - 13} ${cx - 11} ${top - 30} ${cx} ${top - 50}Z`,
      '#fff7d8',
    ),
  ].join('')
}

function candles(): string {
  return [
    glow(250, 210, 230),
    glow(412, 290, 210),
    glow(540, 380, 170),
    candle(250, 566, 62, 300, '#d9a032'),
    candle(412, 584, 60, 220, '#dba53a'),
    candle(546, 574, 56, 130, '#d39a2e'),
    stroke('M112 636C180 616 240 640 330 622', '#6f5438', 4),
    ...[
      [140, 622, -30],
      [190, 640, 30],
      [236, 618, -24],
      [290, 638, 34],
    ].map(([x = 0, y = 0, angle = 0]) =>
      turned(
        angle,
        [x, y],
        path(
          `M${x - 26} ${y}Q${x} ${y - 16} ${x + 26} ${y}Q${x} ${y + 16} ${x - 26} ${y}Z`,
          linear(90, '#7f9a6a', '#4d6a48'),
        ),
      ),
    ),
  ].join('')
}

/** Lamps and candles, by file name of the picture. */
export const lampDrawings = {
  'brass-desk-lamp': () => table(rooms.mist, deskLamp(false)),
  'brass-desk-lamp-lit': () => darkRoom(rooms.night, deskLamp(true)),
  'opal-mushroom-lamp': () => table(rooms.lilac, mushroomLamp('#f3ece0', false)),
  'opal-mushroom-lamp-lit': () => darkRoom(rooms.dusk, mushroomLamp('#f0b076', true)),
  'paper-globe-pendant': () => wall(rooms.sage, paperGlobe()),
  'enamel-pendant-green': () => wall(rooms.peach, enamelPendant('#2f6b57')),
  'enamel-pendant-mustard': () => wall(rooms.mist, enamelPendant('#d9a12b')),
  'beeswax-pillars': () => darkRoom({ wall: '#6b4a44', floor: '#553633' }, candles()),
} as const
