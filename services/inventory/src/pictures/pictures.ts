import { createHash } from 'node:crypto'
import { IMAGE_MAX, IMAGE_WIDTHS } from '@bazaar/shared/api/inventory'
import { bounded } from '@bazaar/shared/http/bounded'
import { DomainError } from '@bazaar/shared/problem'
import { Semaphore } from 'async-mutex'
import sharp from 'sharp'

/** A picture at a width of its own. */
export type NarrowPicture = { widthPixels: number; content: Buffer }

/** A picture as it is stored. */
export type Picture = {
  content: Buffer
  contentType: string
  sha256: Buffer
  widthPixels: number
  heightPixels: number
  /** The same narrower, in each width that is less than its own. */
  narrower: NarrowPicture[]
}

/** Turns the files that sellers send into pictures that can be shown. */
export type Pictures = {
  /**
   * Makes a file's picture anew: upright, no larger than a page shows it, and without anything else that was in the
   * file (place, photographer, camera, or a script).
   *
   * @throws {DomainError} not-an-image; image-too-large; too-many-requests when too many are waiting; overloaded when
   * it takes too long.
   */
  remake: (file: Blob) => Promise<Picture>
  /**
   * Makes a picture that is stored as narrow as wanted.
   * @throws {DomainError} too-many-requests; overloaded, as above.
   */
  narrow: (content: Uint8Array, widthPixels: number) => Promise<NarrowPicture>
}

const KNOWN_FORMATS = ['png', 'jpeg', 'webp']
const SHOWN_SIDE_PIXELS_MAX = 1_600
const WEBP_QUALITY = 82
/** What a stored picture takes at most while it is made narrower. */
const SHOWN_BYTES_MAX = SHOWN_SIDE_PIXELS_MAX ** 2 * 4
const SECONDS_MAX = 10
const RETRY_AFTER_SECONDS = 5

/** Decoding keeps a core busy, so running more at once would only hurt. */
const AT_ONCE_MAX = 2
/** Files of up to 5 MB wait in memory, so later callers are told to come back. */
const WAITING_MAX = 16
/** Readers of older pictures wait in a line of their own, so that sellers get their turn. */
const NARROWING = { atOnceMax: 1, waitingMax: 64 }

// The decoders of other formats (SVG, TIFF, PDF ...) are never even started, whatever a file pretends to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
})
sharp.cache(false)
sharp.concurrency(1)

/** A semaphore takes as long to release as it has places, so memory is given out by the megabyte and not by the byte. */
const BYTES_OF_PLACE = 1_000_000
const placesFor = (bytes: number) => Math.ceil(bytes / BYTES_OF_PLACE)
/** Pictures are decoded at the same time as long as together they take no more memory than the largest one alone. */
const memory = new Semaphore(placesFor(IMAGE_MAX.decodedBytes))

/** Prepares the work on pictures, a few at a time. */
export function createPictures(): Pictures {
  const busy = 'Too many pictures right now; try again shortly'
  const inTurn = bounded({ atOnceMax: AT_ONCE_MAX, waitingMax: WAITING_MAX, busy })
  const inReadersTurn = bounded({ ...NARROWING, busy })
  return {
    remake: (file) => inTurn(async () => remake(await file.bytes())),
    narrow: (content, widthPixels) =>
      inReadersTurn(() =>
        memory.runExclusive(() => narrow(content, widthPixels), placesFor(SHOWN_BYTES_MAX)),
      ),
  }
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
  return memory.runExclusive(() => decode(file), placesFor(decodedBytes))
}

/**
 * The memory that the whole picture takes in the decoder: two bytes for a 16-bit channel, and for each coefficient of
 * a progressive JPEG. A picture in one pass needs less, because it is made smaller on the way.
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
    narrower: await narrowed(content, info.width),
  }
}

/** One after the other, so that a picture never takes more memory than was reckoned for its file. */
async function narrowed(content: Buffer, widthPixels: number): Promise<NarrowPicture[]> {
  const made: NarrowPicture[] = []
  for (const width of IMAGE_WIDTHS) if (width < widthPixels) made.push(await narrow(content, width))
  return made
}

async function narrow(content: Uint8Array, widthPixels: number): Promise<NarrowPicture> {
  const made = await orNotAnImage(() =>
    sharp(content)
      .timeout({ seconds: SECONDS_MAX })
      .resize({ width: widthPixels })
      .webp({ quality: WEBP_QUALITY })
      .toBuffer(),
  )
  return { widthPixels, content: made }
}

function tooLarge(): DomainError {
  const { sidePixels, pixels, decodedBytes } = IMAGE_MAX
  return new DomainError(
    'image-too-large',
    `A picture may have at most ${sidePixels} pixels a side, ${pixels / 1e6} million in all, and ${decodedBytes / 1e6} MB decoded`,
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
 * A file that the decoder cannot read is not a picture to us; the log keeps the reason. A file that was not decoded
 * in time may well be a picture: this machine was too busy.
 */
export function decodingFault(cause: unknown): DomainError {
  if (!(cause instanceof Error && cause.message.startsWith('timeout:'))) return notAnImage(cause)
  return new DomainError('overloaded', 'The picture could not be decoded in time; try again shortly', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  })
}

function notAnImage(cause?: unknown): DomainError {
  return new DomainError('not-an-image', 'Send a complete PNG, JPEG or WebP file', { cause })
}
