import { crc32 } from 'node:zlib'
import sharp from 'sharp'

/** What pictures come as. */
export type Format = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif'

/** A picture of one colour; different widths make different pictures. */
export async function drawn(
  width: number,
  height: number,
  format: Format = 'png',
): Promise<Uint8Array<ArrayBuffer>> {
  const image = sharp({ create: { width, height, channels: 3, background: '#3366cc' } })
  return new Uint8Array(await image.toFormat(format).toBuffer())
}

/** A picture that does not compress, so that a part of its file is a part of the picture. */
export async function noise(format: Format): Promise<Uint8Array<ArrayBuffer>> {
  const raw = Buffer.alloc(400 * 300 * 3)
  let state = 12_345
  for (let index = 0; index < raw.length; index++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    raw[index] = state >> 16
  }
  const image = sharp(raw, { raw: { width: 400, height: 300, channels: 3 } })
  return new Uint8Array(await image.toFormat(format).toBuffer())
}

/** A picture of which something in the middle was lost. */
export async function broken(): Promise<Uint8Array<ArrayBuffer>> {
  const png = await noise('png')
  png.fill(0, 20_000, 20_100)
  return png
}

/**
 * A PNG that says how large it is, and then holds next to nothing. With `bits` 16 it has four channels of so many, and is
 * interlaced: a decoder has to hold all of it.
 */
export function pngHeader(width: number, height: number, bits: 8 | 16 = 8): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set(bits === 8 ? [8, 2, 0, 0, 0] : [16, 6, 0, 0, 1], 8)
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', Buffer.from('789c030000000001', 'hex')),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]))
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
