import { freePort, type RunningService, startService } from '@bazaar/shared/testing/service'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { environments } from '../security/system/stack.ts'
import { startShop } from '../shop/shop.ts'

/* The shop and the services that it asks, which are killed; those of the stack live on and tell the truth afterwards. */

const SERVICES = ['user', 'inventory', 'order'] as const

/** What can be killed. */
export type Part = (typeof SERVICES)[number] | 'shop'

/** A shop that asks services of its own, in front of the stores of the stack. */
export type Places = {
  url: string
  parts: readonly Part[]
  /** The way from the shop to order. */
  toOrder: TcpProxy
  /** Ends a part as a crash does. */
  kill: (part: Part) => Promise<void>
  /** Starts it again, where it was. */
  revive: (part: Part) => Promise<void>
  stop: () => Promise<void>
}

/** Starts them. `given` is told to the shop, too. */
export async function startPlaces(given: Record<string, string> = {}): Promise<Places> {
  const ports = Object.fromEntries(
    await Promise.all([...SERVICES, 'shop'].map(async (part) => [part, String(await freePort())] as const)),
  )
  const toOrder = await startTcpProxy(`http://127.0.0.1:${ports['order']}`)
  const running = new Map<Part, RunningService>()
  const urls = Object.fromEntries(
    SERVICES.map((name) => [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports[name]}`]),
  )

  async function revive(part: Part): Promise<void> {
    const PORT = ports[part] ?? ''
    running.set(
      part,
      part === 'shop'
        ? await startShop({
            ...urls,
            ORDER_URL: `http://127.0.0.1:${toOrder.port}`,
            SERVICE_TIMEOUT_MS: '5000',
            PORT,
            ...given,
          })
        : await startService(part, { ...environments[part], ...withOwn(environments[part]), PORT }),
    )
  }

  /** The services call one another here, too, and not those of the stack. */
  function withOwn(environment: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(urls).filter(([name]) => name in environment))
  }

  const parts = [...SERVICES, 'shop'] as const
  await Promise.all(parts.map(revive))
  return {
    url: `http://127.0.0.1:${ports['shop']}`,
    parts,
    toOrder,
    kill: async (part) => await running.get(part)?.kill(),
    revive,
    async stop() {
      await Promise.all([...running.values()].map((one) => one.stop()))
      await toOrder.close()
    },
  }
}
