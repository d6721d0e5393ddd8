import { createHash } from 'node:crypto'
import { bounded } from '@bazaar/shared/bounded'
import { DomainError } from '@bazaar/shared/problem'
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
   * @throws {DomainError} not-an-image; image-too-large; too-many-requests when too many are waiting.
   */
  remake: (file: Uint8Array) => Promise<Picture>
}

const KNOWN_FORMATS = ['png', 'jpeg', 'webp']
const SIDE_PIXELS_MAX = 8_000
const PIXELS_MAX = 40_000_000
const SHOWN_SIDE_PIXELS_MAX = 1_600
const WEBP_QUALITY = 82
const SECONDS_MAX = 10

/** Decoding keeps a core busy and needs up to 160 MB for the largest picture: more at once would only hurt. */
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
  const { format, width, height } = await orNotAnImage(() =>
    sharp(file, { limitInputPixels: false }).metadata(),
  )
  if (!KNOWN_FORMATS.includes(format)) throw notAnImage()
  if (Math.max(width, height) > SIDE_PIXELS_MAX || width * height > PIXELS_MAX) {
    throw new DomainError(
      'image-too-large',
      `A picture may have ${SIDE_PIXELS_MAX} pixels a side and ${PIXELS_MAX / 1e6} million in all`,
      { members: { limitSidePixels: SIDE_PIXELS_MAX, limitPixels: PIXELS_MAX } },
    )
  }
  const { data: content, info } = await orNotAnImage(() =>
    sharp(file, { limitInputPixels: PIXELS_MAX, failOn: 'error', autoOrient: true })
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

/** Whatever the decoder cannot read is not a picture to us; why not stays in the log. */
async function orNotAnImage<T>(decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (cause) {
    throw notAnImage(cause)
  }
}

function notAnImage(cause?: unknown): DomainError {
  return new DomainError('not-an-image', 'Send a whole PNG, JPEG or WebP file', { cause })
}
