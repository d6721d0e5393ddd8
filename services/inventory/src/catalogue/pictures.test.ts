import { expect, test } from 'bun:test'
import { decodedBytesOf } from './pictures.ts'

const png = {
  width: 100,
  height: 50,
  channels: 3,
  depth: 'uchar',
  format: 'png',
  isProgressive: false,
}

test.each([
  ['a PNG', {}, 15_000],
  ['a PNG with alpha', { channels: 4 }, 20_000],
  ['a PNG of 16 bits', { channels: 4, depth: 'ushort' }, 40_000],
  ['an interlaced PNG', { isProgressive: true }, 15_000],
  ['a JPEG', { format: 'jpeg' }, 15_000],
  ['a progressive JPEG', { format: 'jpeg', isProgressive: true }, 30_000],
])('decodedBytesOf() knows what %s takes', (_, change, bytes) => {
  expect(decodedBytesOf({ ...png, ...change })).toBe(bytes)
})
