/**
 * Small SVG vocabulary for the demo pictures. Paints, blurs and clips are named by what they are (`url(#lin-…)`), and
 * `svgDocument()` writes their definitions from the names it finds, so drawings stay string functions without state.
 */

/** A point of an outline. */
export type Point = readonly [x: number, y: number]

/** Width and height of a picture in pixels. */
export const SIZE = 720

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

/** Blends two `#rrggbb` colours; share 0 is the first, 1 the second. */
export function mix(first: string, second: string, share: number): string {
  const [a, b] = [channels(first), channels(second)]
  const blended = [0, 1, 2].map((index) => {
    const from = a[index] ?? 0
    return Math.round(from + ((b[index] ?? 0) - from) * share)
  })
  return `#${blended.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** The colour in brighter light. */
export function light(hex: string, share: number): string {
  return mix(hex, '#fff8ea', share)
}

/** The colour in shade: towards a cool dark brown, never to grey. */
export function dark(hex: string, share: number): string {
  return mix(hex, '#241a26', share)
}

type Stop = string | readonly [colour: string, offsetPercent: number, opacity?: number]

function stopNames(stops: readonly Stop[]): string {
  return stops
    .map((stop, index) => {
      const [colour, offset, opacity] =
        typeof stop === 'string' ? [stop, Math.round((100 * index) / (stops.length - 1)), 1] : stop
      return `${colour.slice(1)}.${Math.round(offset)}.${Math.round((opacity ?? 1) * 100)}`
    })
    .join('-')
}

/** A linear gradient over the painted shape's box; 0 degrees runs left to right, 90 top to bottom. */
export function linear(angleDegrees: number, ...stops: Stop[]): string {
  return `url(#lin-${angleDegrees}-${stopNames(stops)})`
}

/** A radial gradient over the painted shape's box; centre and radius in percent of the box. */
export function radial(centre: Point, radiusPercent: number, ...stops: Stop[]): string {
  return `url(#rad-${centre[0]}-${centre[1]}-${radiusPercent}-${stopNames(stops)})`
}

/** The shading of something round that stands upright, lit from the upper left. */
export function round(base: string, gloss = 0.35): string {
  return linear(
    0,
    [dark(base, 0.3), 0],
    [base, 14],
    [light(base, gloss), 30],
    [base, 50],
    [dark(base, 0.2), 78],
    [dark(base, 0.42), 95],
    [dark(base, 0.34), 100],
  )
}

/** The shading of a ball, lit from the upper left. */
export function ball(base: string, gloss = 0.5): string {
  return radial([34, 28], 78, [light(base, gloss), 0], [base, 42], [dark(base, 0.4), 100])
}

/** The shading of polished metal that stands upright. */
export function metal(base: string): string {
  return linear(
    0,
    [dark(base, 0.45), 0],
    [base, 12],
    [light(base, 0.8), 24],
    [light(base, 0.15), 36],
    [dark(base, 0.35), 56],
    [base, 74],
    [light(base, 0.35), 86],
    [dark(base, 0.5), 100],
  )
}

type Style = Readonly<Record<string, string | number>>

function attributes(style: Style): string {
  return Object.entries(style)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')
}

/** A filled outline in SVG path notation. */
export function path(d: string, fill: string, style: Style = {}): string {
  return `<path d="${d}" fill="${fill}"${attributes(style)}/>`
}

/** An open line with round ends. */
export function stroke(d: string, colour: string, width: number, style: Style = {}): string {
  return path(d, 'none', {
    stroke: colour,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    ...style,
  })
}

/** A rectangle, with round corners when a radius is given. */
export function rect(
  box: readonly [x: number, y: number, width: number, height: number],
  fill: string,
  radius = 0,
  style: Style = {},
): string {
  const [x, y, width, height] = box
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"${attributes(style)}/>`
}

/** An ellipse around its centre. */
export function ellipse(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  fill: string,
  style: Style = {},
): string {
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}"${attributes(style)}/>`
}

/** A circle around its centre. */
export function circle(cx: number, cy: number, radius: number, fill: string, style: Style = {}): string {
  return ellipse(cx, cy, radius, radius, fill, style)
}

/** Moves, turns or scales parts together; `transform` as in SVG. */
export function group(transform: string, ...parts: string[]): string {
  return `<g transform="${transform}">${parts.join('')}</g>`
}

/** Turns parts around a point, clockwise. */
export function turned(angleDegrees: number, centre: Point, ...parts: string[]): string {
  return group(`rotate(${angleDegrees} ${centre[0]} ${centre[1]})`, ...parts)
}

/** Makes parts translucent as one. */
export function faded(opacity: number, ...parts: string[]): string {
  return `<g opacity="${opacity}">${parts.join('')}</g>`
}

/** Blurs parts; radius in pixels. */
export function blurred(radius: number, ...parts: string[]): string {
  return `<g filter="url(#blur-${radius})">${parts.join('')}</g>`
}

function digest(text: string): string {
  let hash = 5381
  for (const character of text) hash = (Math.imul(hash, 33) ^ character.charCodeAt(0)) >>> 0
  return hash.toString(36)
}

/** Shows parts only inside the outline. */
export function clipped(outline: string, ...parts: string[]): string {
  const id = `clip-${digest(outline)}`
  return `<clipPath id="${id}"><path d="${outline}"/></clipPath><g clip-path="url(#${id})">${parts.join('')}</g>`
}

/** The soft shadow under something that stands: a wide one away from the light and a tight one at the contact. */
export function standing(cx: number, cy: number, rx: number, strength = 1): string {
  return (
    faded(0.26 * strength, blurred(16, ellipse(cx + rx * 0.28, cy + 4, rx * 1.2, rx * 0.17 + 8, '#2a1c2e'))) +
    faded(0.5 * strength, blurred(6, ellipse(cx + rx * 0.05, cy + 1, rx * 0.98, rx * 0.09 + 4, '#1f1422')))
  )
}

/** Parts that lie flat on the table, seen from above, with their shadow to the lower right. */
export function lying(heightPixels: number, ...parts: string[]): string {
  return `<g filter="url(#drop-${heightPixels})">${parts.join('')}</g>`
}

/** A smooth closed or open line through points (Catmull-Rom as cubic Béziers). */
export function through(points: readonly Point[], closed = false): string {
  const count = points.length
  const at = (index: number): Point =>
    points[closed ? (index + count) % count : Math.max(0, Math.min(count - 1, index))] ?? [0, 0]
  const curves = Array.from({ length: closed ? count : count - 1 }, (_, index) => {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)]
    const one = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
    const two = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
    return `C${[...one, ...two, ...to].map((value) => Math.round(value * 10) / 10).join(' ')}`
  })
  return `M${at(0).join(' ')}${curves.join('')}${closed ? 'Z' : ''}`
}

/** The outline of a turned body (cup, jar, lamp foot): half widths at heights, mirrored, with a rounded bottom edge. */
export function lathe(
  cx: number,
  profile: readonly (readonly [y: number, halfWidth: number])[],
  sag = 0.16,
): string {
  const right = profile.map(([y, half]): Point => [cx + half, y])
  const left = profile.map(([y, half]): Point => [cx - half, y]).reverse()
  const [bottomY, bottomHalf] = profile.at(-1) ?? [0, 0]
  const down = through(right)
  const up = through(left).replace('M', 'L')
  const base = `C${cx + bottomHalf * 0.7} ${bottomY + bottomHalf * sag * 1.33} ${cx - bottomHalf * 0.7} ${bottomY + bottomHalf * sag * 1.33} ${cx - bottomHalf} ${bottomY}`
  return `${down}${base}${up}Z`
}

/** Repeatable scatter in 0..1, so that a picture drawn twice is the same file. */
export function scatter(count: number, seed: number): Point[] {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    const first = Math.imul(state ^ (state >>> 15), 1 | state)
    const second = (first + Math.imul(first ^ (first >>> 7), 61 | first)) ^ first
    return ((second ^ (second >>> 14)) >>> 0) / 4294967296
  }
  return Array.from({ length: count }, (): Point => [next(), next()])
}
