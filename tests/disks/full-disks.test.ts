import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { mountSmallDisk, type SmallDisk } from '@bazaar/shared/testing/small-disk'
import { until } from '@bazaar/shared/testing/until'
import { removeStack } from '@bazaar/stack/commands/reset'
import { stackPaths } from '@bazaar/stack/paths'
import { chosenRow } from '@bazaar/stack/programs/store-rows'
import { brokerFolder } from '@bazaar/stack/servers/rabbitmq'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { type Stack, startStack } from '@bazaar/stack/stack'
import { connect } from 'amqplib'

/*
 * A marketplace whose Redis, and then RabbitMQ, has no room on its disk: log-ins are refused and no session is lost,
 * cancellations are taken and carried out once there is room.
 */

const NAME = `test-disks-${process.pid}`
const SETUP_WITHIN_MS = 300_000
const MEGABYTE = Buffer.alloc(1024 * 1024)
const [REDIS_MB, RABBITMQ_MB] = [8, 120]

const paths = stackPaths(NAME, chosenRow())
const folders = { redis: join(paths.stores, 'redis'), rabbitmq: brokerFolder(paths) }
const disks: SmallDisk[] = []
let stack: Stack
let world: typeof import('../journeys/world.ts')

beforeAll(async () => {
  disks.push(await mountSmallDisk(folders.redis, REDIS_MB))
  disks.push(await mountSmallDisk(folders.rabbitmq, RABBITMQ_MB))
  stack = await startStack({ name: NAME, external: {}, environment: { ...UNLIMITED, BCRYPT_COST: '10' } })
  const { iam, user, inventory, order } = stack.urls
  Object.assign(process.env, {
    BAZAAR_IAM_URL: iam,
    BAZAAR_USER_URL: user,
    BAZAAR_INVENTORY_URL: inventory,
    BAZAAR_ORDER_URL: order,
  })
  world = await import('../journeys/world.ts')
}, SETUP_WITHIN_MS)

afterAll(async () => {
  await stack?.stop()
  await Promise.all(disks.map((disk) => disk.unmount()))
  await removeStack(NAME)
}, SETUP_WITHIN_MS)

describe('while Redis has no room on its disk', () => {
  test('log-ins are refused, readiness says so, and no session that was given is lost', async () => {
    const buyer = await world.newPerson('BUYER')
    const room = await fill(folders.redis)
    const given = [buyer.session]
    const refused: unknown[] = []
    await until('log-ins are refused', async () => {
      try {
        const { body } = await world.users.logIn({ body: { login: buyer.email, password: buyer.password } })
        given.push(body.session)
      } catch (error) {
        refused.push(error)
      }
      return refused.length >= 3
    })
    expect(refused.filter((error) => !(error instanceof DependencyUnavailable))).toEqual([])
    await until('readiness says so', async () => (await ready('user')).status === 503)

    await room()
    await until('it is ready', async () => (await ready('user')).status === 200)
    for (const session of given) await until('the session is there', () => isKnown(session))
    const { body } = await world.users.logIn({ body: { login: buyer.email, password: buyer.password } })
    expect(await isKnown(body.session)).toBe(true)
  })
})

describe.each([
  ['less room than it wants', RABBITMQ_MB - 40],
  ['no room at all', RABBITMQ_MB],
])('while RabbitMQ has %s on its disk', (_, megabytes) => {
  test('cancellations are taken, readiness says so, and their stock comes back once there is room', async () => {
    const { buyer, cup } = await world.market()
    const places = Array.from({ length: 3 }, () => world.place(buyer, [{ productId: cup, quantity: 1 }]))
    const orderIds = (await Promise.all(places)).map(({ body }) => body.id)
    const cancel = async (orderId: string | undefined) =>
      (await world.bazaarOf(buyer).order.cancelOrder({ orderId: orderId ?? '' })).body.status
    expect(await world.stockOf(cup)).toBe(7)

    const room = await fill(folders.rabbitmq, megabytes)
    await untilBlocked()
    expect(await cancel(orderIds[0])).toBe('CANCELLED')
    await until('readiness says so', async () =>
      (await ready('order')).text.includes('blocked by the broker'),
    )
    expect((await ready('order')).status).toBe(200)
    expect(await cancel(orderIds[1])).toBe('CANCELLED')
    expect(await cancel(orderIds[2])).toBe('CANCELLED')
    expect(await world.stockOf(cup)).toBeLessThan(10)

    await room()
    await until('the stock is back', async () => (await world.stockOf(cup)) === 10)
    await until('all is well', async () => !(await ready('order')).text.includes('degraded'))
  })
})

/**
 * Waits until RabbitMQ takes nothing more. It looks at its disk every ten seconds at the latest, and tells only who publishes.
 */
async function untilBlocked(): Promise<void> {
  const connection = await connect(stack.environmentOf('order')['RABBITMQ_URL'] ?? '')
  let isBlocked = false
  connection.on('blocked', () => {
    isBlocked = true
  })
  const channel = await connection.createChannel()
  await until('the broker says that it is blocked', () => {
    channel.publish('', 'nobody.listens', Buffer.from('x'))
    return isBlocked
  })
  // It reads the farewell of a publisher only when there is room again.
  connection.close().catch(() => undefined)
}

/** Leaves no room on a disk, or takes so many megabytes of it; the result gives that back. */
async function fill(folder: string, megabytes = Number.POSITIVE_INFINITY): Promise<() => Promise<void>> {
  const ballast = join(folder, 'ballast')
  await writeFile(ballast, '')
  for (let written = 0; written < megabytes; written++) {
    const more = await writeFile(ballast, MEGABYTE, { flag: 'a' }).catch((error: Error) => error)
    if (more) break
  }
  return () => rm(ballast)
}

async function ready(service: 'user' | 'order'): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${stack.urls[service]}/health/ready`)
  return { status: answer.status, text: await answer.text() }
}

async function isKnown(session: string): Promise<boolean> {
  const { status } = await fetch(`${stack.urls.user}/users/me`, { headers: { session } })
  return status === 200
}
