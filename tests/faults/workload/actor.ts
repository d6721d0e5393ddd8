import type { Target } from '../cluster/target.ts'
import type { History } from '../history/history.ts'
import type { Random } from '../random.ts'
import { type Attempt, type Call, memberOf, send, shortHash } from './client.ts'

/** What all clients of one run share. */
export type World = {
  target: Target
  history: History
  /** When nothing that is still unsettled is repeated any more: so long after the last that was settled. */
  givesUpAtMs: number
  patienceMs: number
}

/**
 * One client. `goesOn` says that what it wants is in other hands and will take its time: an order whose request broke
 * off is taken over only after half a minute.
 */
export type Actor = { world: World; process: string; random: Random; goesOn?: () => void }

/** Somebody with an account. `session` is the key that they got last. */
export type Person = {
  userId: string
  email: string
  password: string
  session: string | undefined
  addressId?: string
}

/** Something that is done once, however often it has to be asked for. */
export type Deed = {
  f: string
  /** The same for every attempt; where the operation takes one, it is the Idempotency-Key. */
  key: string
  /** What is asked, for the history. */
  value: Record<string, unknown>
  /** Made anew for each attempt: the session may be another one by then. */
  call: () => Call
  /** Whose session the call takes: they log in again when it is not known any more. */
  by?: Person
  /** What of a success matters to the checkers. */
  facts?: (body: unknown) => Record<string, unknown>
  /** Whether two clicks send it twice at once. */
  twice?: boolean
  /** Whether it is asked for again when the answer is there, which must be the same then. */
  again?: boolean
}

const BACKOFF_MS = { first: 60, most: 1_000, asTold: 2_000 }
/** So often one is told that it is in hand before it is clear that whoever had it in hand is gone. */
const IN_HAND_ROUNDS = 3

/**
 * Does something: asks under the same key until it is known whether it was done, or the load is over. Gives
 * the last answer.
 */
export async function settle(actor: Actor, deed: Deed): Promise<Attempt> {
  const number = counter()
  let inHand = 0
  for (let round = 1; ; round++) {
    const answers = await Promise.all(
      Array.from({ length: deed.twice && round === 1 ? 2 : 1 }, () => attempt(actor, deed, number())),
    )
    const settled = answers.find((answer) => isSettled(answer, deed))
    if (settled) {
      const { world } = actor
      world.givesUpAtMs = Math.max(world.givesUpAtMs, Date.now() + world.patienceMs)
      if (deed.again) await attempt(actor, deed, number())
      return settled
    }
    const [last] = answers
    if (!last) throw new Error('nothing was sent')
    if (Date.now() > actor.world.givesUpAtMs) return last
    if (last.status === 401 && deed.by) await logIn(actor, deed.by)
    inHand = last.code === 'idempotency-key-in-use' ? inHand + 1 : 0
    if (inHand === IN_HAND_ROUNDS) actor.goesOn?.()
    await backOff(actor, round, last.retryAfterMs)
  }
}

/** Whether the answer ends the matter: 202 and 429 only put it off, and after 401 one logs in and asks again. */
function isSettled({ outcome, status }: Attempt, deed: Deed): boolean {
  if (outcome === 'info' || status === 'refused' || status === 202 || status === 429) return false
  return status !== 401 || deed.by === undefined
}

/** Asks once, and writes down that and what was answered. */
export async function attempt(actor: Actor, deed: Deed, number = 1): Promise<Attempt> {
  const { world, process } = actor
  const { f, key } = deed
  const entry = { process, f, key, attempt: number }
  world.history.add({ ...entry, type: 'invoke', value: deed.value })
  const answer = await send(world.target.urls, deed.call())
  const { outcome: type, status, code, fingerprint, replayed, flaw, body } = answer
  world.history.add({
    ...entry,
    type,
    value: {
      status,
      ...(code === undefined ? {} : { code }),
      ...(type === 'info' ? {} : { fingerprint }),
      ...(replayed ? { replayed } : {}),
      ...(flaw === undefined ? {} : { flaw }),
      ...(type === 'ok' && deed.facts ? deed.facts(body) : {}),
    },
  })
  return answer
}

/** Repeats come ever later, up to a second or when one is told to come again, and not all at once. */
async function backOff(actor: Actor, round: number, toldMs = 0): Promise<void> {
  const own = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(round, 10))
  const ms = Math.max(Math.min(toldMs, BACKOFF_MS.asTold), own) * (0.5 + actor.random.next() / 2)
  await new Promise((resolve) => setTimeout(resolve, ms))
}

let logIns = 0

/** Logs somebody in; they keep the session they have when that does not succeed. */
export async function logIn(actor: Actor, person: Person): Promise<string | undefined> {
  logIns += 1
  const { email, password, userId } = person
  const answer = await settle(actor, {
    f: 'log-in',
    key: `log-in-${logIns}`,
    value: { as: userId },
    call: () => ({ service: 'user', method: 'POST', path: '/sessions', body: { login: email, password } }),
    facts: (body) => ({
      userId: memberOf(body, 'userId'),
      session: sessionName(memberOf(body, 'session') ?? ''),
    }),
  })
  const session = memberOf(answer.body, 'session')
  if (answer.outcome === 'ok' && session !== undefined) person.session = session
  return answer.outcome === 'ok' ? session : undefined
}

/** What a session is called in the history, which must not hold the key to it. */
export function sessionName(token: string): string {
  return shortHash(token)
}

function counter(): () => number {
  let count = 0
  return () => {
    count += 1
    return count
  }
}
