import { setTimeout as delay } from 'node:timers/promises'
import type { Member } from './member.ts'

const ASK_EVERY_MS = 1_000
const ASK_TIMEOUT_MS = 1_000

/** Chooses the member that serves the next connection, and keeps asking who can. */
export type Balancer = {
  /** In turn among the ready ones; when none is ready, among those that run; undefined when none does. */
  choose: () => string | undefined
  stop: () => Promise<void>
}

/** Balances over the members of one service, as a cluster does: by what each says of itself at `/health/ready`. */
export function balance(members: readonly Member[]): Balancer {
  const ready = new Set<Member>()
  let turn = 0
  let stopping = false
  const asking = Promise.all(members.map(keepAsking))

  async function keepAsking(member: Member): Promise<void> {
    while (!stopping) {
      if (await isReady(member)) ready.add(member)
      else ready.delete(member)
      await delay(ASK_EVERY_MS)
    }
  }

  return {
    choose() {
      const open = members.filter((member) => member.pid() !== undefined && !member.isLeaving())
      const best = open.filter((member) => ready.has(member))
      const choice = best.length > 0 ? best : open
      turn++
      return choice[turn % choice.length]?.url
    },
    async stop() {
      stopping = true
      await asking
    },
  }
}

async function isReady(member: Member): Promise<boolean> {
  if (member.pid() === undefined) return false
  try {
    const answer = await fetch(`${member.url}/health/ready`, {
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
      // Each time a new connection, as a cluster asks: one that hangs says nothing about the next.
      keepalive: false,
    })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    // Refused, cut or too slow: not ready, whatever the reason.
    return false
  }
}
