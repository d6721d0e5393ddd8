import { circle, dark, group, light, linear, lying, path, rect, stroke, turned } from './kit.ts'
import { rooms, tabletop } from './room.ts'

function pencil(x: number, colour: string, length: number): string {
  const top = 606 - length
  return [
    path(
      `M${x} ${top + 44}L${x + 17} ${top}L${x + 34} ${top + 44}Z`,
      linear(0, '#f0d2a2', '#d9ae74', '#b98a50'),
    ),
    path(`M${x + 11.5} ${top + 14}L${x + 17} ${top}L${x + 22.5} ${top + 14}Z`, colour),
    path(
      `M${x} ${top + 44}q6 -8 11.5 0q6 -8 11 0q6 -8 11.5 0V600H${x}Z`,
      linear(
        0,
        light(colour, 0.35),
        light(colour, 0.35),
        colour,
        colour,
        dark(colour, 0.25),
        dark(colour, 0.25),
      ),
    ),
    rect([x, 560, 34, 8], linear(0, '#fff0bf', '#c79b45', '#7d5b20')),
  ].join('')
}

const pencilColours = [
  '#c93a31',
  '#e0662b',
  '#eba52b',
  '#f0cd46',
  '#9dbb45',
  '#4f9150',
  '#2f8f86',
  '#3f86b8',
  '#3c569c',
  '#6c4a94',
  '#b14f86',
  '#6b4630',
]

function pencils(): string {
  const lengths = [430, 404, 440, 418, 396, 428, 410, 436, 400, 424, 414, 442]
  return [
    lying(11, rect([104, 330, 514, 296], linear(90, '#c8ced1', '#8f989d'), 16)),
    rect([114, 340, 494, 276], linear(90, '#6f787d', '#9aa3a8'), 11),
    lying(
      5,
      ...pencilColours.map((colour, index) => pencil(124 + index * 39.8, colour, lengths[index] ?? 420)),
    ),
    path('M104 470H618V610Q618 626 602 626H120Q104 626 104 610Z', linear(90, '#2f5560', '#234049')),
    path('M104 470H618V478H104Z', '#4c7884'),
    rect([236, 500, 250, 96], '#f3ead2', 8),
    rect([244, 508, 234, 80], 'none', 5, { stroke: '#2f5560', 'stroke-width': 2.5 }),
    `<text x="361" y="546" font-family="DejaVu Serif, Georgia, serif" font-size="27" text-anchor="middle" letter-spacing="3" fill="#2f5560">TWELVE</text>`,
    ...pencilColours.map((colour, index) => rect([262 + index * 16.6, 562, 12, 12], colour, 3)),
  ].join('')
}

function pencilSketch(): string {
  const rows = pencilColours.map((colour, index) => {
    const y = 92 + index * 22
    return stroke(
      `M130 ${y}${Array.from({ length: 24 }, (_, step) => `l10 ${step % 2 ? 15 : -15}`).join('')}`,
      colour,
      5,
      { opacity: 0.85 },
    )
  })
  return [
    turned(
      -3,
      [360, 360],
      lying(9, rect([80, 50, 500, 620], '#fbf6ea', 3)),
      ...rows.slice(0, 6),
      group(
        'translate(330 440)',
        ...[0, 60, 120, 180, 240, 300].map((angle, index) =>
          turned(
            angle,
            [0, 0],
            path('M0 -20C60 -60 60 -150 0 -180C-60 -150 -60 -60 0 -20Z', 'none', {
              stroke: pencilColours[index * 2] ?? '#c93a31',
              'stroke-width': 6,
            }),
            ...[-30, -15, 0, 15, 30].map((lean) =>
              stroke(`M${lean * 0.3} -36L${lean} -150`, pencilColours[index * 2] ?? '#c93a31', 5, {
                opacity: 0.5,
              }),
            ),
          ),
        ),
        circle(0, 0, 28, '#eba52b'),
      ),
    ),
    ...[
      [596, 120, 22, 7],
      [640, 150, 8, 0],
    ].map(([x = 0, y = 0, angle = 0, colour = 0]) =>
      turned(
        angle,
        [x, y + 250],
        group(`translate(${x - 17} ${y - 40})`, lying(7, pencil(0, pencilColours[colour] ?? '#c93a31', 470))),
      ),
    ),
  ].join('')
}

/** Colour pencils, by file name of the picture. */
export const pencilDrawings = {
  'colour-pencils': () => tabletop(rooms.cream, pencils()),
  'colour-pencils-drawing': () => tabletop({ wall: '#b9a184', floor: '#c2a988' }, pencilSketch()),
} as const
