import { blurred, dark, faded, light, linear, path, radial, rect } from './kit.ts'

/** Colours of the place a product is shown in. */
export type Room = { readonly wall: string; readonly floor: string }

/** Backdrops, one or two a category, so that a page of products looks like one shop. */
export const rooms = {
  cream: { wall: '#ecdcc3', floor: '#d9bf9c' },
  blush: { wall: '#ebcfc0', floor: '#d8ab97' },
  sage: { wall: '#d3dcc3', floor: '#b3c19c' },
  mint: { wall: '#cfe0d6', floor: '#a6c2b3' },
  sky: { wall: '#cddde6', floor: '#a3bccb' },
  mist: { wall: '#d9dde0', floor: '#b4bcc4' },
  butter: { wall: '#f1dfae', floor: '#e0c27c' },
  lilac: { wall: '#dcd3e4', floor: '#bcaecb' },
  peach: { wall: '#f2d3b6', floor: '#e0ac84' },
  night: { wall: '#2f3a52', floor: '#232a3e' },
  dusk: { wall: '#5c4a5e', floor: '#43344a' },
} as const satisfies Record<string, Room>

const whole = [0, 0, 720, 720] as const

/** A wall, a table, and daylight from a window at the upper left; the product stands on the table at about y = 570. */
export function table(room: Room, ...parts: string[]): string {
  const { wall, floor } = room
  return [
    rect(whole, linear(70, light(wall, 0.55), wall, dark(wall, 0.1))),
    faded(0.35, blurred(16, path('M-40 40L190 -60L330 -60L560 470L300 520Z', light(wall, 0.95)))),
    faded(0.3, blurred(12, path('M150 90L175 80L330 470L300 480Z', wall))),
    rect([0, 498, 720, 222], linear(90, light(floor, 0.22), floor, dark(floor, 0.1))),
    rect(
      [0, 494, 720, 10],
      linear(90, [dark(floor, 0.25), 0, 0], [dark(floor, 0.25), 55, 0.5], [floor, 100, 0]),
    ),
    faded(0.4, blurred(20, path('M150 510L520 510L640 620L240 640Z', light(floor, 0.9)))),
    ...parts,
    rect(whole, radial([46, 42], 78, ['#2a1c2e', 62, 0], ['#2a1c2e', 100, 0.2])),
  ].join('')
}

/** A wall alone, for what hangs. */
export function wall(room: Room, ...parts: string[]): string {
  return [
    rect(whole, linear(65, light(room.wall, 0.55), room.wall, dark(room.wall, 0.16))),
    faded(0.35, blurred(16, path('M-40 120L190 -60L360 -60L780 990L440 1080Z', light(room.wall, 0.95)))),
    faded(0.3, blurred(12, path('M160 70L190 56L600 1056L556 1036Z', room.wall))),
    ...parts,
    rect(whole, radial([46, 42], 78, ['#2a1c2e', 62, 0], ['#2a1c2e', 100, 0.2])),
  ].join('')
}

/** A table top seen from straight above, for what lies. */
export function tabletop(room: Room, ...parts: string[]): string {
  return wall({ wall: room.floor, floor: room.floor }, ...parts)
}

/** A dark room, for lamps that are lit; the lamp's own glow is drawn with the lamp. */
export function darkRoom(room: Room, ...parts: string[]): string {
  return [
    rect(whole, linear(80, light(room.wall, 0.06), room.wall, dark(room.wall, 0.3))),
    rect([0, 498, 720, 222], linear(90, light(room.floor, 0.1), room.floor, dark(room.floor, 0.3))),
    rect(
      [0, 494, 720, 8],
      linear(90, [dark(room.floor, 0.5), 0, 0], [dark(room.floor, 0.5), 60, 0.6], [room.floor, 100, 0]),
    ),
    ...parts,
    rect(whole, radial([50, 45], 78, ['#0c0a14', 55, 0], ['#0c0a14', 100, 0.5])),
  ].join('')
}

/** A dark wall or night sky alone, for lights that hang. */
export function darkWall(room: Room, ...parts: string[]): string {
  return [
    rect(whole, linear(80, dark(room.wall, 0.25), room.wall, light(room.wall, 0.1))),
    ...parts,
    rect(whole, radial([50, 45], 78, ['#0c0a14', 55, 0], ['#0c0a14', 100, 0.45])),
  ].join('')
}

/** Warm light around a lit lamp; the radius in pixels. */
export function glow(cx: number, cy: number, radius: number, strength = 1): string {
  const paint = radial(
    [50, 50],
    50,
    ['#ffd68a', 0, 0.75 * strength],
    ['#ffb95e', 40, 0.28 * strength],
    ['#ff9a40', 100, 0],
  )
  return rect([cx - radius, cy - radius, 2 * radius, 2 * radius], paint)
}
