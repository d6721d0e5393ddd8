import type { ProxyMode } from '@bazaar/shared/testing/tcp-proxy'
import type { ServiceName } from '@bazaar/stack/servers/databases'
import type { Cluster, Link } from '../cluster/cluster.ts'
import { STORES } from '../cluster/store.ts'
import type { Random } from '../random.ts'
import { anyLink, anyMember, type Fault, occasion, type Planned, partOf, together } from './fault.ts'

/*
 * Ways between processes that are cut, swallow what is sent, are slow, or lose an answer.
 */

type To = Link['to']

/** Every way that is there, with the row of the matrix that is about it. */
const WAYS: readonly { to: To; from?: ServiceName; row: string }[] = [
  { to: 'database', row: 'F24' },
  { to: 'redis', row: 'F67' },
  { to: 'rabbitmq', row: 'F47' },
  { to: 'inventory', from: 'order', row: 'F70' },
  { to: 'user', from: 'order', row: 'F70' },
  { to: 'iam', from: 'user', row: 'F72' },
]

const HOLES: readonly ProxyMode[] = ['black-hole', 'black-hole-requests', 'black-hole-answers', 'refuse']

/** Faults of ways. */
export const networkFaults: readonly Fault[] = WAYS.flatMap(({ to, from, row }) => [
  {
    rows: [row],
    name: `connections to ${to} cut`,
    weight: 1.5,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster: Cluster, random: Random) => cutNow(anyLink(cluster, random, to, from)),
  },
  {
    rows: [row],
    name: `way to ${to} swallows`,
    weight: 1.5,
    lastsMs: [300, 2_500],
    longMs: [8_000, 20_000],
    isQuick: false,
    plan: (cluster: Cluster, random: Random) => hole(anyLink(cluster, random, to, from), random.pick(HOLES)),
  },
  {
    rows: [to === 'database' ? 'F25' : row],
    name: `way to ${to} slow`,
    weight: 0.7,
    lastsMs: [1_000, 4_000],
    longMs: [10_000, 20_000],
    isQuick: false,
    plan: (cluster: Cluster, random: Random) => slow(anyLink(cluster, random, to, from), random),
  },
])

/** A whole service is parted from another, or from a store: all its instances at once. */
export const partitionFaults: readonly Fault[] = [
  partition('F70', 'order', 'inventory', 'black-hole-requests'),
  partition('F70', 'order', 'inventory', 'black-hole-answers'),
  { ...partition('F71', 'order', 'inventory', 'black-hole'), longMs: [20_000, 60_000] },
  partition('F72', 'user', 'iam', 'refuse'),
  { ...partition('F24', 'order', 'database', 'black-hole'), longMs: [20_000, 60_000] },
  partition('F24', 'inventory', 'database', 'black-hole'),
  partition('F63', 'order', 'redis', 'black-hole'),
  partition('F43', 'order', 'rabbitmq', 'black-hole'),
  partition('F43', 'inventory', 'rabbitmq', 'black-hole'),
]

function partition(row: string, from: ServiceName, to: To, mode: ProxyMode): Fault {
  return {
    rows: [row],
    name: `${from} parted from ${to} (${mode})`,
    weight: 0.25,
    lastsMs: [500, 3_000],
    isQuick: to === 'inventory' || to === 'iam',
    plan(cluster) {
      const links = cluster.links.filter((link) => link.service === from && link.to === to)
      return {
        parts: links.map(partOf),
        begin: async () => {
          await together(links).setMode(mode)
          return { heal: () => together(links).setMode('pass') }
        },
      }
    },
  }
}

/** What clients are connected to breaks off, in the middle of whatever they were doing. */
export const clientFaults: readonly Fault[] = [
  {
    rows: ['F73'],
    name: 'clients cut off',
    weight: 2,
    lastsMs: [0, 0],
    isQuick: true,
    plan(cluster, random) {
      const service = random.pick(['user', 'inventory', 'order'] as const)
      return {
        parts: [`clients of ${service}`],
        begin: async () => {
          if (!(await occasion(() => cluster.fronts[service].cut() > 0))) return undefined
          return { heal: async () => undefined, note: service }
        },
      }
    },
  },
  {
    rows: ['F14'],
    name: 'instance out of reach',
    weight: 2,
    lastsMs: [300, 2_500],
    longMs: [5_000, 15_000],
    isQuick: false,
    plan(cluster, random) {
      const member = anyMember(cluster, random)
      const mode = random.pick(HOLES)
      return {
        parts: [`way to ${member.name}`],
        begin: async () => {
          await member.proxy.setMode(mode)
          return { heal: () => member.proxy.setMode('pass'), note: `${member.name}, ${mode}` }
        },
      }
    },
  },
]

/** An answer is lost after what was asked has happened. */
export const lostAnswerFaults: readonly Fault[] = [
  lostAnswer('F22', 'order', 'database', 'commit'),
  lostAnswer('F22', 'inventory', 'database', 'commit'),
  lostAnswer('F22', 'user', 'database', 'commit', 0.2),
  lostAnswer('F70', 'order', 'inventory', 'PUT /reservations/'),
  lostAnswer('F70', 'order', 'inventory', '/confirm'),
  // basic.ack of the broker to the relay: class 60, method 80.
  lostAnswer('F06', 'order', 'rabbitmq', Uint8Array.of(0, 60, 0, 80), 1, 'server'),
  lostAnswer('F61', 'user', 'redis', 'eval', 0.3),
]

function lostAnswer(
  row: string,
  from: ServiceName,
  to: To,
  bytes: string | Uint8Array,
  weight = 1.5,
  of: 'client' | 'server' = 'client',
): Fault {
  const said = typeof bytes === 'string' ? bytes : 'basic.ack'
  return {
    rows: [row],
    name: `${from} loses the answer of ${to} to "${said}"`,
    weight,
    lastsMs: [0, 0],
    isQuick: weight >= 1,
    plan(cluster, random) {
      const link = anyLink(cluster, random, to, from)
      return {
        parts: [partOf(link)],
        begin: async () => {
          const spot = link.proxy.cutAt({ of, bytes })
          let isHit = false
          void spot.hit.then(() => {
            isHit = true
          })
          await occasion(() => isHit)
          spot.disarm()
          return isHit ? { heal: async () => undefined, note: partOf(link) } : undefined
        },
      }
    },
  }
}

/** Connections break in the middle of an answer, or of what is said when they are set up. */
export const tornFaults: readonly Fault[] = [
  torn('F67', 'redis'),
  torn('F42', 'rabbitmq'),
  torn('F32', 'database'),
]

function torn(row: string, to: To): Fault {
  return {
    rows: [row],
    name: `answers of ${to} torn`,
    weight: 1,
    lastsMs: [300, 1_500],
    isQuick: true,
    plan(cluster, random) {
      const link = anyLink(cluster, random, to)
      return {
        parts: [partOf(link)],
        begin: async () => {
          link.proxy.cutAfterBytes(random.between(200, 6_000))
          link.proxy.cut()
          return { heal: async () => link.proxy.cutAfterBytes(undefined), note: partOf(link) }
        },
      }
    },
  }
}

function cutNow(link: Link): Planned {
  return {
    parts: [partOf(link)],
    begin: async () => {
      if (!(await occasion(() => link.proxy.cut() > 0))) return undefined
      return { heal: async () => undefined, note: partOf(link) }
    },
  }
}

function hole(link: Link, mode: ProxyMode): Planned {
  return {
    parts: [partOf(link)],
    begin: async () => {
      await link.proxy.setMode(mode)
      return { heal: () => link.proxy.setMode('pass'), note: `${partOf(link)}, ${mode}` }
    },
  }
}

/** A far or thin way: each piece late, or little at a time. */
function slow(link: Link, random: Random): Planned {
  const isStore = STORES.some((store) => store === link.to)
  const pace = random.chance(0.5)
    ? { delayMs: isStore ? 20 : 100 }
    : { delayMs: 2, pieceBytes: random.between(50, 500) }
  return {
    parts: [partOf(link)],
    begin: async () => {
      link.proxy.setPace(pace)
      return {
        heal: async () => link.proxy.setPace(undefined),
        note: `${partOf(link)}, ${pace.delayMs} ms each ${pace.pieceBytes ?? 'message'}`,
      }
    },
  }
}
