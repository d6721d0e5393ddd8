import { expect, test } from 'bun:test'
import sharp from 'sharp'
import { createPictures, decodedBytesOf, decodingFault } from './pictures.ts'

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

test('decodingFault() asks to try again for a picture that was not decoded in time', async () => {
  const slow = sharp({ create: { width: 8_000, height: 5_000, channels: 3, background: 'red' } })
    .timeout({ seconds: 1 })
    .blur(150)
    .png()
    .toBuffer()
  const cause = await slow.catch((error: unknown) => error)
  expect(decodingFault(cause)).toMatchObject({ code: 'overloaded', retryAfterSeconds: 5 })
})

test('decodingFault() takes for no picture what cannot be decoded', async () => {
  const cause = await sharp(Buffer.from('no picture'))
    .metadata()
    .catch((error: unknown) => error)
  expect(decodingFault(cause)).toMatchObject({ code: 'not-an-image' })
})

test('narrow() turns readers away promptly when many pictures have to be made, and serves the first', async () => {
  const drawn = sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } })
  const content = await drawn.webp().toBuffer()
  const { narrow } = createPictures()
  const outcomes = await Promise.allSettled(Array.from({ length: 80 }, () => narrow(content, 240)))
  expect(outcomes[0]?.status).toBe('fulfilled')
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  expect(refused.length).toBeGreaterThanOrEqual(80 - 65)
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['too-many-requests']))
})
