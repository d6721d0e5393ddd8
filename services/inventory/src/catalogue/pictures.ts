import { createHash } from 'node:crypto'
import { IMAGE_MAX } from '@bazaar/shared/api/inventory'
import { bounded } from '@bazaar/shared/http/bounded'
import { DomainError } from '@bazaar/shared/problem'
import { Semaphore } from 'async-mutex'
import sharp from 'sharp'

/** A picture as it is kept. */
export type Picture = {
  content: Buffer
  contentType: string
  sha256: Buffer
  widthPixels: number
  heightPixels: number
}

/** Makes what sellers send into pictures fit to be shown. */
export type Pictures = {
  /**
   * The picture in a file, made anew: upright, not larger than a page shows it, and without whatever else was
   * in the file (where it was taken, by whom, with what; or a script).
   *
   * @throws {DomainError} not-an-image; image-too-large; too-many-requests when too many are waiting; overloaded when
   *   it takes too long.
   */
  remake: (file: Uint8Array) => Promise<Picture>
}

const KNOWN_FORMATS = ['png', 'jpeg', 'webp']
const SHOWN_SIDE_PIXELS_MAX = 1_600
const WEBP_QUALITY = 82
const SECONDS_MAX = 10
const RETRY_AFTER_SECONDS = 5

/** Decoding keeps a core busy: more at once would only hurt. */
const AT_ONCE_MAX = 2
/** Files of up to 5 MB wait in memory; whoever comes later is told to come again. */
const WAITING_MAX = 16

// The decoder of other formats (SVG, TIFF, PDF ...) is never even started, whatever a file pretends to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
})
sharp.cache(false)
sharp.concurrency(1)

/** Pictures are decoded at the same time as long as all together take no more memory than the largest alone. */
const memory = new Semaphore(IMAGE_MAX.decodedBytes)

/** Prepares the work on pictures, a few at a time. */
export function createPictures(): Pictures {
  const inTurn = bounded({
    atOnceMax: AT_ONCE_MAX,
    waitingMax: WAITING_MAX,
    busy: 'Too many pictures at this moment, try again shortly',
  })
  return { remake: (file) => inTurn(() => remake(file)) }
}

async function remake(file: Uint8Array): Promise<Picture> {
  const metadata = await orNotAnImage(() => sharp(file, { limitInputPixels: false }).metadata())
  if (!KNOWN_FORMATS.includes(metadata.format)) throw notAnImage()
  const decodedBytes = decodedBytesOf(metadata)
  const { sidePixels, pixels } = IMAGE_MAX
  const { width, height } = metadata
  if (
    Math.max(width, height) > sidePixels ||
    width * height > pixels ||
    decodedBytes > IMAGE_MAX.decodedBytes
  )
    throw tooLarge()
  return memory.runExclusive(() => decode(file), decodedBytes)
}

/**
 * How much memory the whole picture takes in the decoder: two bytes for a channel of 16 bits, and for each coefficient of
 * a JPEG that is sent in several passes. A picture in one pass needs less, as it is made smaller on the way.
 */
export function decodedBytesOf(picture: {
  width: number
  height: number
  channels: number
  depth: string
  format: string
  isProgressive: boolean
}): number {
  const { width, height, channels, depth, format, isProgressive } = picture
  const bytesEach = depth === 'uchar' && !(format === 'jpeg' && isProgressive) ? 1 : 2
  return width * height * channels * bytesEach
}

async function decode(file: Uint8Array): Promise<Picture> {
  const { data: content, info } = await orNotAnImage(() =>
    sharp(file, { limitInputPixels: IMAGE_MAX.pixels, failOn: 'error', autoOrient: true })
      .timeout({ seconds: SECONDS_MAX })
      .resize({
        width: SHOWN_SIDE_PIXELS_MAX,
        height: SHOWN_SIDE_PIXELS_MAX,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .webp({ quality: WEBP_QUALITY })
      .toBuffer({ resolveWithObject: true }),
  )
  return {
    content,
    contentType: 'image/webp',
    sha256: createHash('sha256').update(content).digest(),
    widthPixels: info.width,
    heightPixels: info.height,
  }
}

function tooLarge(): DomainError {
  const { sidePixels, pixels, decodedBytes } = IMAGE_MAX
  return new DomainError(
    'image-too-large',
    `A picture may have ${sidePixels} pixels a side, ${pixels / 1e6} million in all, and ${decodedBytes / 1e6} MB decoded`,
    { members: { limitSidePixels: sidePixels, limitPixels: pixels, limitDecodedBytes: decodedBytes } },
  )
}

async function orNotAnImage<T>(decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (cause) {
    throw decodingFault(cause)
  }
}

/**
 * Whatever the decoder cannot read is not a picture to us; why not stays in the log. One that it had not finished in
 * time may well be a picture: this machine had too much to do.
 */
export function decodingFault(cause: unknown): DomainError {
  if (!(cause instanceof Error && cause.message.startsWith('timeout:'))) return notAnImage(cause)
  return new DomainError('overloaded', 'The picture could not be decoded in time, try again shortly', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  })
}

function notAnImage(cause?: unknown): DomainError {
  return new DomainError('not-an-image', 'Send a whole PNG, JPEG or WebP file', { cause })
}
