import { describe, expect, test } from 'bun:test'
import { refusal } from '@bazaar/shared/testing/refusal'
import sharp from 'sharp'
import { openWorld } from '../world.ts'
import { broken, drawn, noise, pngHeader } from './drawing.ts'

const world = await openWorld()
const seller = await world.seller()

function upload(productId: string, body: Uint8Array<ArrayBuffer>, contentType = 'image/png') {
  return world.client.addImage({ session: seller.session, params: { productId }, body, contentType })
}

async function refusedUpload(body: Uint8Array<ArrayBuffer>, contentType = 'image/png') {
  const { id } = await world.offer(seller)
  const problem = await refusal(upload(id, body, contentType))
  const { body: after } = await world.client.readProduct({ params: { productId: id } })
  expect(after.images).toEqual([])
  return problem
}

const text = (content: string) => new Uint8Array(Buffer.from(content))

describe('POST /products/{productId}/images', () => {
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    test(`takes ${format}, and shows it with the product`, async () => {
      const { id: productId } = await world.offer(seller)
      const { status, body, headers } = await upload(
        productId,
        await drawn(300, 200, format),
        `image/${format}`,
      )
      expect(status).toBe(201)
      expect(body).toMatchObject({ contentType: 'image/webp', widthPixels: 300, heightPixels: 200 })
      expect(body.url).toBe(`/products/${productId}/images/${body.id}`)
      expect(headers.get('location')).toBe(body.url)
      const { body: product } = await world.client.readProduct({ params: { productId } })
      expect(product).toMatchObject({ images: [body], imageUrl: body.url, version: 1 })
    })
  }

  test('takes a picture by its bytes and not by the name that the sender gives it', async () => {
    const { id } = await world.offer(seller)
    expect((await upload(id, await drawn(30, 20, 'jpeg'), 'image/png')).status).toBe(201)
  })

  for (const contentType of [
    'image/jpg',
    'image/pjpeg',
    'image/x-png',
    'application/octet-stream',
    '',
    'image/jpeg; charset=binary',
    'IMAGE/JPEG;q=1',
  ]) {
    test(`takes what is called ${contentType || 'nothing'}`, async () => {
      const { id } = await world.offer(seller)
      expect((await upload(id, await drawn(30, 20, 'jpeg'), contentType)).status).toBe(201)
    })
  }

  test('takes pictures of today’s telephones', async () => {
    const { id } = await world.offer(seller)
    const { body } = await upload(id, await drawn(8_064, 6_048, 'jpeg'), 'image/jpeg')
    expect(body).toMatchObject({ widthPixels: 1_600, heightPixels: 1_200 })
  })

  test('makes large pictures as large as they are shown', async () => {
    const { id } = await world.offer(seller)
    const { body } = await upload(id, await drawn(4_000, 1_000))
    expect(body).toMatchObject({ widthPixels: 1_600, heightPixels: 400 })
  })

  test('turns pictures upright and keeps nothing that a camera wrote into them', async () => {
    const { id: productId } = await world.offer(seller)
    const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#336699' } })
      .withExif({
        IFD0: { Copyright: 'SECRET OWNER', Orientation: '6' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W' },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect((await sharp(photo).metadata()).exif).toBeDefined()

    const { body } = await upload(productId, new Uint8Array(photo), 'image/jpeg')
    expect(body).toMatchObject({ widthPixels: 40, heightPixels: 60 })
    const stored = await world.client.readImage({ params: { productId, imageId: body.id } })
    const metadata = await sharp(stored.body).metadata()
    expect([metadata.exif, metadata.xmp, metadata.iptc, metadata.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(Buffer.from(stored.body).includes('SECRET OWNER')).toBe(false)
  })

  test('keeps no file that is two things at once', async () => {
    const { id: productId } = await world.offer(seller)
    const polyglot = Buffer.concat([await drawn(30, 20, 'jpeg'), Buffer.from('<script>alert(1)</script>')])
    const { body } = await upload(productId, new Uint8Array(polyglot), 'image/jpeg')
    const stored = await world.client.readImage({ params: { productId, imageId: body.id } })
    expect(Buffer.from(stored.body).includes('<script>')).toBe(false)
  })

  test('has a picture once that is sent again', async () => {
    const { id: productId } = await world.offer(seller)
    const picture = await drawn(33, 22)
    const answers = await Promise.all([1, 2, 3].map(() => upload(productId, picture)))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    const { body } = await world.client.readProduct({ params: { productId } })
    expect(body.images).toHaveLength(1)
  })

  test('takes ten pictures and no more, also at the same time', async () => {
    const { id: productId } = await world.offer(seller)
    const pictures = await Promise.all(Array.from({ length: 12 }, (_, index) => drawn(20 + index, 20)))
    const outcomes = await Promise.allSettled(pictures.map((picture) => upload(productId, picture)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    expect(await refusal(upload(productId, await drawn(99, 20)))).toMatchObject({
      status: 409,
      code: 'too-many-images',
    })
    const { body } = await world.client.readProduct({ params: { productId } })
    expect(body.images).toHaveLength(10)
  })

  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
  const impostors: [name: string, content: () => Promise<Uint8Array<ArrayBuffer>>][] = [
    ['nothing', async () => new Uint8Array()],
    ['text', async () => text('this is not a picture')],
    ['an SVG with a script', async () => text(svg)],
    ['an SVG behind an XML header', async () => text(`<?xml version="1.0"?>${svg}`)],
    ['HTML', async () => text('<!doctype html><img src=x onerror=alert(1)>')],
    ['a URL', async () => text('http://169.254.169.254/latest/meta-data/')],
    ['a GIF', () => drawn(9, 9, 'gif')],
    ['a TIFF', () => drawn(9, 9, 'tiff')],
    ['an AVIF', () => drawn(9, 9, 'avif')],
    ['a PDF', async () => text('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj')],
    ['the beginning of a PNG', async () => new Uint8Array(Buffer.from('89504e470d0a1a0a', 'hex'))],
    ['half a PNG', async () => (await noise('png')).slice(0, 30_000)],
    ['half a JPEG', async () => (await noise('jpeg')).slice(0, 20_000)],
    ['half a WebP', async () => (await noise('webp')).slice(0, 20_000)],
    ['a PNG with a broken middle', broken],
  ]
  for (const [name, content] of impostors) {
    test(`refuses ${name}`, async () => {
      expect(await refusedUpload(await content())).toMatchObject({ status: 415, code: 'not-an-image' })
    })
  }

  test('refuses pictures of dimensions that would fill the memory', async () => {
    for (const [width, height, bits] of [
      [30_000, 30_000, 8],
      [10_001, 1, 8],
      [1, 10_001, 8],
      [7_100, 7_100, 8],
      [8_000, 5_000, 16],
    ] as const) {
      expect(await refusedUpload(pngHeader(width, height, bits))).toMatchObject({
        status: 422,
        code: 'image-too-large',
      })
    }
  })

  test('refuses files of more than five megabytes', async () => {
    const problem = await refusedUpload(new Uint8Array(5 * 1024 * 1024 + 1))
    expect(problem).toMatchObject({ status: 413, code: 'body-too-large' })
  })

  for (const contentType of ['image/svg+xml', 'image/gif', 'application/json', 'text/plain']) {
    test(`refuses what is called ${contentType}`, async () => {
      const problem = await refusedUpload(await drawn(9, 9), contentType)
      expect(problem).toMatchObject({ status: 415, code: 'unsupported-media-type' })
    })
  }

  test('tells a caller to come again when too many are waiting, and serves the others', async () => {
    const { id } = await world.offer(seller)
    const picture = await noise('png')
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        fetch(`${world.url}/products/${id}/images`, {
          method: 'POST',
          headers: { session: seller.session, 'content-type': 'image/png' },
          body: picture,
        }),
      ),
    )
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].toSorted()).toEqual([201, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
