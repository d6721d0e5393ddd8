import { describe, expect, test } from 'bun:test'
import { createServer } from 'node:http'
import { memoryStore, newKey, type Progress, problemOf, UnreachableError } from '../src/bazaar.ts'
import {
  baseUrls,
  codeOf,
  home,
  kettle,
  newBazaar,
  newDetails,
  newMarket,
  newPerson,
  readPicture,
} from './world.ts'

describe('a session', () => {
  test('is kept by log-in, used by every service, and forgotten by log-out', async () => {
    const session = memoryStore()
    const bazaar = await newPerson('BUYER', { session })
    expect(session.load()).toBeString()
    expect((await bazaar.user.readProfile()).body.type).toBe('BUYER')
    expect((await bazaar.order.listOrders()).body).toEqual({ items: [], next: null })
    await bazaar.user.logOut()
    expect(session.load()).toBeUndefined()
    expect(await codeOf(bazaar.user.readProfile())).toBe('unauthenticated')
  })

  test('comes from the store that is given, which may be asynchronous', async () => {
    const kept = memoryStore()
    await newPerson('SELLER', { session: kept })
    const another = newBazaar({
      session: { load: async () => kept.load(), save: async (next) => kept.save(next) },
    })
    expect((await another.user.readProfile()).body.type).toBe('SELLER')
    await another.user.logOutEverywhere()
    expect(kept.load()).toBeUndefined()
  })

  test('is not kept when the log-in is refused', async () => {
    const session = memoryStore()
    const bazaar = newBazaar({ session })
    const { email } = newDetails()
    expect(await codeOf(bazaar.user.logIn({ login: email, password: 'not this one' }))).toBe(
      'wrong-credentials',
    )
    expect(session.load()).toBeUndefined()
  })
})

describe('a list', () => {
  test('gives every entry over several pages, once, and ends', async () => {
    const { inventory } = await newPerson('SELLER')
    const names = ['One', 'Two', 'Three', 'Four', 'Five']
    for (const name of names) await inventory.createProduct({ ...kettle, name })
    const seen: string[] = []
    for await (const { name } of inventory.listOwnProducts.each({ limit: 2 })) seen.push(name)
    expect(seen).toEqual(names.toReversed())
  })

  test('is read no further than it is wanted', async () => {
    let requests = 0
    const { inventory } = await newPerson('SELLER', {
      fetch: (url, request) => {
        if (url.includes('/seller/products')) requests++
        return fetch(url, request)
      },
    })
    for (const name of ['One', 'Two']) await inventory.createProduct({ ...kettle, name })
    for await (const product of inventory.listOwnProducts.each({ limit: 1 })) {
      expect(product.name).toBe('Two')
      break
    }
    expect(requests).toBe(1)
  })
})

describe('a change', () => {
  test('goes by the ETag of what was read: the second of two is refused', async () => {
    const { inventory } = await newPerson('SELLER')
    const { body: created } = await inventory.createProduct(kettle)
    const { etag = '' } = await inventory.readProduct({ productId: created.id })
    const change = (priceMinor: number, ifMatch: string) =>
      inventory.changeProduct({ productId: created.id, priceMinor }, { ifMatch })
    const { body: changed, etag: next = '' } = await change(1_900, etag)
    expect(changed.priceMinor).toBe(1_900)
    expect(await codeOf(change(2_100, etag))).toBe('precondition-failed')
    expect((await change(2_100, next)).body.priceMinor).toBe(2_100)
  })
})

describe('a key of the program’s own', () => {
  test('makes two calls one: the second is answered as the first was', async () => {
    const { inventory } = await newPerson('SELLER')
    const idempotencyKey = newKey()
    const first = await inventory.createProduct(kettle, { idempotencyKey })
    const second = await inventory.createProduct(kettle, { idempotencyKey })
    expect([first.isReplayed, second.isReplayed]).toEqual([false, true])
    expect(second.body).toEqual(first.body)
  })
})

describe('a picture', () => {
  test('is sent with its progress, and can be fetched where the product says', async () => {
    const bazaar = await newPerson('SELLER')
    const { body: product } = await bazaar.inventory.createProduct(kettle)
    const image = await readPicture()
    const seen: Progress[] = []
    const { body: added } = await bazaar.inventory.addImage(
      { productId: product.id, image },
      { onProgress: (progress) => seen.push(progress) },
    )
    expect(seen.at(-1)).toEqual({ sentBytes: image.size, totalBytes: image.size })
    const { body: picture } = await bazaar.inventory.readImage({ productId: product.id, imageId: added.id })
    expect([picture.type, picture.size > 1_000]).toEqual(['image/webp', true])
    expect((await fetch(bazaar.imageUrl(added.url))).status).toBe(200)
  })

  test('may be bytes without a name, and what is none is refused', async () => {
    const { inventory } = await newPerson('SELLER')
    const { body: product } = await inventory.createProduct(kettle)
    const image = await (await readPicture()).arrayBuffer()
    expect((await inventory.addImage({ productId: product.id, image })).status).toBe(201)
    const none = new Uint8Array(100)
    expect(await codeOf(inventory.addImage({ productId: product.id, image: none }))).toBe('not-an-image')
  })
})

describe('an order that is slow', () => {
  test('is answered as pending when nobody waits', async () => {
    const { buyer, basket } = await newMarket()
    const { status, body: order } = await buyer.order.placeOrder(basket('tok_timeout_0044'))
    expect([status, order.status]).toEqual([202, 'PENDING'])
  })

  test('is one call until it is settled, and one order', async () => {
    const { buyer, basket } = await newMarket()
    const { status, body: order } = await buyer.order.placeOrder(basket('tok_timeout_0044'), {
      settleWithinMs: 60_000,
    })
    expect([status, order.status]).toEqual([201, 'CONFIRMED'])
    expect((await buyer.order.listOrders()).body.items.map(({ id }) => id)).toEqual([order.id])
  })

  test('is one order for all callers that wait for it under one key', async () => {
    const { buyer, basket } = await newMarket({ attemptsMax: 1 })
    const options = { idempotencyKey: newKey(), settleWithinMs: 60_000 }
    const waiting = Array.from({ length: 4 }, () =>
      buyer.order.placeOrder(basket('tok_timeout_0044'), options),
    )
    const answers = await Promise.all(waiting)
    expect(answers.map(({ body }) => body.status)).toEqual(waiting.map(() => 'CONFIRMED'))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  })

  test('is still pending when the time is up', async () => {
    const { buyer, basket } = await newMarket()
    const { status } = await buyer.order.placeOrder(basket('tok_timeout_0044'), { settleWithinMs: 100 })
    expect(status).toBe(202)
  })
})

describe('a problem', () => {
  test('tells its code, and what belongs to that', async () => {
    const { buyer, product, basket } = await newMarket()
    const lines = [{ productId: product.id, quantity: 11 }]
    const problem = problemOf(await buyer.order.placeOrder({ ...basket(), lines }).catch((error) => error))
    if (problem?.code !== 'out-of-stock') throw new Error(`expected out-of-stock, not ${problem?.code}`)
    expect(problem.productIds).toEqual([product.id])
    expect([problem.status, problem.instance.startsWith('urn:uuid:')]).toEqual([409, true])
  })

  test('names the fields that are wrong', async () => {
    const { user } = await newPerson('BUYER')
    const problem = problemOf(await user.addAddress({ ...home, city: '' }).catch((error) => error))
    expect(problem?.code).toBe('validation-failed')
    expect(problem?.errors?.map(({ pointer }) => pointer)).toEqual(['/city'])
  })

  test('has the members that it is typed with', async () => {
    const { seller, buyer, basket } = await newMarket()
    const { body: order } = await buyer.order.placeOrder(basket())
    await seller.order.shipSale({ orderId: order.id })
    const late = problemOf(await buyer.order.cancelOrder({ orderId: order.id }).catch((error) => error))
    expect(late).toMatchObject({ code: 'already-shipped', orderStatus: 'SHIPPED' })
    const early = problemOf(
      await buyer.order
        .payOrder({ orderId: order.id, payment: { type: 'CASH_ON_DELIVERY' } })
        .catch((error) => error),
    )
    expect(early).toMatchObject({ code: 'illegal-transition', orderStatus: 'SHIPPED' })
  })

  test('is not made of the answer of something in front of the service', async () => {
    const gateway = createServer((_, answer) => answer.writeHead(502).end('<h1>Bad gateway</h1>'))
    const port = await new Promise<number>((resolve) => {
      gateway.listen(0, '127.0.0.1', () => resolve(Object(gateway.address()).port))
    })
    const { inventory } = newBazaar({
      attemptsMax: 1,
      baseUrls: { ...baseUrls, inventory: `http://127.0.0.1:${port}` },
    })
    await expect(inventory.readHomePage()).rejects.toThrow(UnreachableError)
    gateway.close()
  })
})
