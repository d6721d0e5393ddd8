import { setTimeout as delay } from 'node:timers/promises'
import type { TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import type { ServiceName } from '@bazaar/stack/servers/databases'
import type { Cluster, Link } from '../cluster/cluster.ts'
import type { Member } from '../cluster/member.ts'
import type { Random } from '../random.ts'

/** One way to make a part of a cluster fail. */
export type Fault = {
  /** The rows of the matrix in README.md that it stands for. */
  rows: readonly string[]
  name: string
  /** How often chance chooses it, compared to the others; 0: never, only whoever asks for its row. */
  weight: number
  /** How long it lasts, from and to, in milliseconds. */
  lastsMs: readonly [number, number]
  /** How long in one of twelve cases, where that is different: most faults are short, and some must not be. */
  longMs?: readonly [number, number]
  /** Whether a quick run has it once. */
  isQuick: boolean
  /** Chooses what is to fail. */
  plan: (cluster: Cluster, random: Random) => Planned
}

/** A fault that is about to happen. */
export type Planned = {
  /** What fails; no other fault that begins meanwhile may have it, too. */
  parts: readonly string[]
  /**
   * Makes it fail; answers how it is made well again, and what there is to say of it. Undefined when there was no
   * occasion, for example because nobody came by.
   */
  begin: () => Promise<Begun | undefined>
}

/** A fault that is happening. `heal` returns when the part works again, or has what it needs to. */
export type Begun = {
  heal: () => Promise<void>
  note?: string
  /** The ids of messages that are to end among the dead letters. */
  poison?: readonly string[]
}

/** How long somebody may take to come by the place of a fault. */
const OCCASION_WITHIN_MS = 4_000
/** How long a part that was made well may take to be back. */
const BACK_WITHIN_MS = 60_000

/** One of the instances, of one service if it is given. */
export function anyMember(cluster: Cluster, random: Random, service?: ServiceName): Member {
  return random.pick(cluster.members.filter((member) => !service || member.service === service))
}

/** One of the ways that instances of `from`, or of any service, have to `to`. */
export function anyLink(cluster: Cluster, random: Random, to: Link['to'], from?: ServiceName): Link {
  return random.pick(cluster.links.filter((link) => link.to === to && (!from || link.service === from)))
}

/** What a link is called where faults say what they have. */
export function partOf({ from, to }: Pick<Link, 'from' | 'to'>): string {
  return `${from} to ${to}`
}

/** The proxies of some links as one. */
export function together(links: readonly { proxy: TcpProxy }[]): Pick<TcpProxy, 'setMode' | 'setPace'> {
  return {
    setMode: async (mode) => void (await Promise.all(links.map(({ proxy }) => proxy.setMode(mode)))),
    setPace: (pace) => {
      for (const { proxy } of links) proxy.setPace(pace)
    },
  }
}

/** Waits until it is so, for as long as an occasion may take. False when it did not come to be. */
export async function occasion(isSo: () => boolean, withinMs = OCCASION_WITHIN_MS): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs
  while (performance.now() < giveUpAt) {
    if (isSo()) return true
    await delay(10)
  }
  return isSo()
}

/**
 * Waits until a part that was made well is back.
 * @throws {Error} when it is not after a minute, which no part may need.
 */
export async function back(what: string, isBack: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + BACK_WITHIN_MS
  while (performance.now() < giveUpAt) {
    if (await isBack()) return
    await delay(30)
  }
  throw new Error(`${what} is not back after ${BACK_WITHIN_MS / 1000} s`)
}

/** Until another process of the instance than this one listens. */
export async function backMember(member: Member, than: number | undefined): Promise<void> {
  await back(member.name, async () => {
    const pid = member.pid()
    return pid !== undefined && pid !== than && (await member.isListening())
  })
}
