import {
  blurred,
  clipped,
  dark,
  ellipse,
  light,
  linear,
  path,
  rect,
  round,
  scatter,
  standing,
} from './kit.ts'
import { rooms, table } from './room.ts'

function jar(
  cx: number,
  base: number,
  half: number,
  height: number,
  filling: (outline: string) => string,
): string {
  const top = base - height
  const outline = `M${cx - half} ${top + 30}Q${cx - half} ${top} ${cx - half + 26} ${top}H${cx + half - 26}Q${cx + half} ${top} ${cx + half} ${top + 30}V${base - 22}Q${cx + half} ${base} ${cx + half - 26} ${base + 5}H${cx - half + 26}Q${cx - half} ${base} ${cx - half} ${base - 22}Z`
  const neck = half - 16
  return [
    standing(cx, base + 4, half),
    path(outline, '#e9f1f0', { opacity: 0.55 }),
    filling(outline),
    path(
      outline,
      linear(
        0,
        ['#7f989b', 0, 0.55],
        ['#ffffff', 14, 0.35],
        ['#ffffff', 40, 0.04],
        ['#5f7a7e', 92, 0.25],
        ['#ffffff', 100, 0.4],
      ),
    ),
    blurred(3, rect([cx - half + 16, top + 34, 13, height - 74], '#ffffff', 6, { opacity: 0.65 })),
    path(outline, 'none', { stroke: '#93aaac', 'stroke-width': 3 }),
    rect([cx - neck, top - 46, neck * 2, 50], round('#d0a070', 0.35), 7),
    ...scatter(26, cx).map(([x, y]) =>
      ellipse(cx - neck + 8 + x * (neck * 2 - 16), top - 40 + y * 36, 2 + y * 3, 1.6, '#8a5c31', {
        opacity: 0.5,
      }),
    ),
    ellipse(cx, top - 46, neck, neck * 0.17, linear(0, light('#d0a070', 0.5), '#c4945f')),
  ].join('')
}

function grains(
  colour: string,
  count: number,
  size: number,
  box: readonly [x: number, y: number, width: number, height: number],
) {
  const [x, y, width, height] = box
  return (outline: string) =>
    clipped(
      outline,
      rect([x, y, width, height], dark(colour, 0.18)),
      ...scatter(count, x + count).map(([across, down], index) =>
        ellipse(
          x + across * width,
          y + down * height,
          size,
          size * 0.72,
          index % 3 === 0 ? dark(colour, 0.2) : light(colour, (index % 4) * 0.14),
          {
            transform: `rotate(${Math.round(across * 360)} ${Math.round(x + across * width)} ${Math.round(y + down * height)})`,
          },
        ),
      ),
    )
}

function jars(): string {
  return [
    jar(196, 556, 92, 300, grains('#e3bd74', 210, 11, [100, 340, 200, 230])),
    jar(524, 560, 84, 220, grains('#a8472f', 190, 9, [436, 400, 180, 176])),
    jar(370, 590, 80, 150, grains('#6d8247', 240, 6, [286, 490, 170, 112])),
  ].join('')
}

/** Storage jars, by file name of the picture. */
export const jarDrawings = {
  'storage-jars': () => table(rooms.sage, jars()),
} as const
