import { afterEach, describe, expect, test } from 'bun:test'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { type Bazaar, UnreachableError } from '../src/bazaar.ts'
import { baseUrls, home, kettle, newMarket, newPerson } from './world.ts'

const ANSWER = 'HTTP/1.1 '
const proxies: TcpProxy[] = []

afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()))
})

async function proxyOf(service: keyof typeof baseUrls): Promise<TcpProxy> {
  const proxy = await startTcpProxy(baseUrls[service])
  proxies.push(proxy)
  return proxy
}

/** Somebody who is logged in, and reaches one service through a proxy. */
async function personBehind(service: keyof typeof baseUrls, type: 'BUYER' | 'SELLER') {
  const proxy = await proxyOf(service)
  const person = await newPerson(type, { baseUrls: { ...baseUrls, [service]: proxy.url } })
  return { proxy, person }
}

describe('a request whose answer is lost', () => {
  test('is repeated when it only reads', async () => {
    const { proxy, person } = await personBehind('inventory', 'SELLER')
    const lost = proxy.cutAt({ of: 'server', bytes: ANSWER })
    expect((await person.inventory.listOwnProducts()).body.items).toEqual([])
    await lost.hit
  })

  test('is repeated under its key when it writes: one product is offered', async () => {
    const { proxy, person } = await personBehind('inventory', 'SELLER')
    const lost = proxy.cutAt({ of: 'server', bytes: `${ANSWER}201` })
    const { body: product, isReplayed } = await person.inventory.createProduct(kettle)
    await lost.hit
    expect(isReplayed).toBe(true)
    const { body: own } = await person.inventory.listOwnProducts()
    expect(own.items.map(({ id }) => id)).toEqual([product.id])
  })

  test('is repeated under its key when it orders: one order is placed', async () => {
    const proxy = await proxyOf('order')
    const { seller, buyer, product, basket } = await newMarket({
      baseUrls: { ...baseUrls, order: proxy.url },
    })
    const lost = proxy.cutAt({ of: 'server', bytes: `${ANSWER}201` })
    const { body: order } = await buyer.order.placeOrder(basket())
    await lost.hit
    const { body: list } = await buyer.order.listOrders()
    expect(list.items.map(({ id }) => id)).toEqual([order.id])
    expect((await seller.inventory.readProduct({ productId: product.id })).body.stockCount).toBe(9)
  })

  test('is not repeated when that might do it twice', async () => {
    const { proxy, person } = await personBehind('user', 'BUYER')
    const lost = proxy.cutAt({ of: 'server', bytes: `${ANSWER}201` })
    const before = await sentBy(proxy, () =>
      expect(person.user.addAddress(home)).rejects.toThrow(UnreachableError),
    )
    await lost.hit
    expect(before).toBeLessThanOrEqual(1)
    expect((await person.user.listAddresses()).body.items).toHaveLength(1)
  })
})

describe('a service that cannot be reached', () => {
  test('is tried a bounded number of times, and the error has the key to go on with', async () => {
    const { proxy, person, attempts } = await countedSeller({ attemptsMax: 3 })
    await proxy.setMode('refuse')
    const before = attempts()
    const refused = await person.inventory.createProduct(kettle).catch((error: unknown) => error)
    if (!(refused instanceof UnreachableError)) throw new Error('it was reached', { cause: refused })
    expect(attempts() - before).toBe(3)
    await proxy.setMode('pass')
    const { idempotencyKey = '' } = refused
    const { status } = await person.inventory.createProduct(kettle, { idempotencyKey })
    expect(status).toBe(201)
  })

  test('is asked again when it is back', async () => {
    const { proxy, person, onAttempt, attempts } = await countedSeller({})
    await proxy.setMode('refuse')
    const before = attempts()
    onAttempt(async (count) => {
      if (count === before + 3) await proxy.setMode('pass')
    })
    expect((await person.inventory.createProduct(kettle)).status).toBe(201)
    expect(attempts() - before).toBe(3)
  })

  test('is not waited for longer than an attempt may take', async () => {
    const { proxy, person } = await countedSeller({ attemptsMax: 1 })
    await proxy.setMode('black-hole')
    await expect(person.inventory.listOwnProducts({}, { timeoutMs: 300 })).rejects.toThrow(UnreachableError)
  })
})

describe('an AbortSignal', () => {
  test.each([
    [
      'reads',
      (person: Bazaar, options: { signal: AbortSignal }) => person.inventory.listOwnProducts({}, options),
    ],
    [
      'writes and is not repeated',
      (person: Bazaar, options: { signal: AbortSignal }) =>
        person.inventory.archiveProduct({ productId: crypto.randomUUID() }, options),
    ],
  ])('ends a call that waits for its answer and %s', async (_what, call) => {
    const { proxy, person, onAttempt } = await countedSeller({})
    const controller = new AbortController()
    await proxy.setMode('black-hole')
    onAttempt(async () => controller.abort(new Error('enough')))
    await expect(call(person, { signal: controller.signal })).rejects.toThrow('enough')
  })

  test('ends a call that waits to try again', async () => {
    const { proxy, person, onFailure } = await countedSeller({})
    const controller = new AbortController()
    await proxy.setMode('refuse')
    // By then the client has begun to wait.
    onFailure(() => setTimeout(() => controller.abort(new Error('enough')), 0))
    const call = person.inventory.createProduct(kettle, { signal: controller.signal })
    await expect(call).rejects.toThrow('enough')
  })

  test('ends a list between two pages', async () => {
    const { person } = await countedSeller({})
    await Promise.all([person.inventory.createProduct(kettle), person.inventory.createProduct(kettle)])
    const controller = new AbortController()
    const own = person.inventory.listOwnProducts.each({ limit: 1 }, { signal: controller.signal })
    expect((await own.next()).done).toBe(false)
    controller.abort(new Error('enough'))
    await expect(own.next()).rejects.toThrow('enough')
  })
})

/** How many connections were made meanwhile. */
async function sentBy(proxy: TcpProxy, work: () => unknown): Promise<number> {
  const before = proxy.accepted()
  await work()
  return proxy.accepted() - before
}

/** A seller who reaches inventory through a proxy, and of whom every attempt is counted. */
async function countedSeller(options: { attemptsMax?: number }) {
  const proxy = await proxyOf('inventory')
  let count = 0
  let watch: (count: number) => Promise<void> = async () => undefined
  let failed: () => unknown = () => undefined
  const person: Bazaar = await newPerson('SELLER', {
    ...options,
    baseUrls: { ...baseUrls, inventory: proxy.url },
    fetch: async (url, request) => {
      count++
      await watch(count)
      return await fetch(url, request).catch((error: unknown) => {
        failed()
        throw error
      })
    },
  })
  return {
    proxy,
    person,
    attempts: () => count,
    onAttempt: (next: typeof watch) => {
      watch = next
    },
    onFailure: (next: typeof failed) => {
      failed = next
    },
  }
}
