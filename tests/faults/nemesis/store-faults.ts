import type { Cluster, Link } from '../cluster/cluster.ts'
import type { StoreName } from '../cluster/store.ts'
import { type Begun, back, type Fault, occasion, type Planned, partOf } from './fault.ts'

/*
 * What can happen to any of the stores in the same way.
 */

/** A store, and how to find out whether it answers. */
type Asked = { name: StoreName; answers: (cluster: Cluster) => Promise<boolean> }

/** A store is killed; well again when another process of it answers. */
export function killed(cluster: Cluster, { name, answers }: Asked): Planned {
  const store = cluster.stores[name]
  return {
    parts: [name],
    begin: async () => {
      const pid = store.pid()
      if (pid === undefined) return undefined
      store.kill()
      return {
        heal: () =>
          back(name, async () => {
            const present = store.pid()
            return present !== undefined && present !== pid && (await answers(cluster))
          }),
      }
    },
  }
}

/** A store is killed, and the way to it cut, at the moment when a service says something to it. */
export function killedWhenTold(cluster: Cluster, asked: Asked & { link: Link; bytes: string }): Planned {
  const { name, link, bytes } = asked
  return {
    parts: [name, partOf(link)],
    begin: async () => {
      const spot = link.proxy.cutAt({ of: 'client', bytes })
      let begun: Promise<Begun | undefined> | undefined
      void spot.hit.then(() => {
        begun = killed(cluster, asked).begin()
      })
      await occasion(() => begun !== undefined)
      spot.disarm()
      return begun
    },
  }
}

/** A store stands still and goes on. */
export function paused(name: StoreName): Fault['plan'] {
  return ({ stores }) => ({
    parts: [name],
    begin: async () => {
      stores[name].pause()
      return { heal: async () => stores[name].resume() }
    },
  })
}
