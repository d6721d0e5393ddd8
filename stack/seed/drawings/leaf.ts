import { dark, light, linear, path, stroke, turned } from './kit.ts'

/** A leaf from its foot at (x, y), pointing up before it is turned. */
export function leaf(x: number, y: number, length: number, angleDegrees: number, green: string): string {
  const half = length * 0.26
  return turned(
    angleDegrees,
    [x, y],
    path(
      `M${x} ${y}C${x - half * 1.5} ${y - length * 0.35} ${x - half} ${y - length * 0.8} ${x} ${y - length}C${x + half} ${y - length * 0.8} ${x + half * 1.5} ${y - length * 0.35} ${x} ${y}Z`,
      linear(0, light(green, 0.25), green, dark(green, 0.25)),
    ),
    stroke(`M${x} ${y - 3}V${y - length * 0.86}`, light(green, 0.45), Math.max(1.2, length * 0.022), {
      opacity: 0.7,
    }),
  )
}
