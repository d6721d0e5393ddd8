import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Target } from '../cluster/target.ts'
import type { History } from '../history/history.ts'
import type { Random } from '../random.ts'
import type { Actor, Person, World } from './actor.ts'
import { type Buyer, cancelOrder, cancelUnpaid, listOrders, look, placeOrder } from './buying.ts'
import { openMarket } from './market.ts'
import { newPerson } from './people.ts'
import { adjustStock, moveSale } from './selling.ts'
import { tryAllEnded, type Visitor, visit } from './visiting.ts'

/** A load under way. */
export type Load = {
  /** From now on buyers do one thing after the other as fast as they are answered. */
  hurry: () => void
  /** From now on they take their time, as in the beginning: how well it works is not to depend on how fast the machine is. */
  relax: () => void
  /**
   * Begins nothing new, and repeats what is open until it is known what became of it, or nothing more was for
   * `patienceMs`.
   */
  finish: (patienceMs: number) => Promise<void>
  /** To be called at the quiescent point: every buyer reads all of their orders, every ended session is tried again. */
  lookAtEverything: () => Promise<void>
}

const SELLERS = 4
/** What buyers and sellers do, and how often. */
const MIX = { place: 70, cancel: 15, move: 4, look: 6, adjust: 2 } as const
/** So much a buyer has waiting in other hands, at the most. */
const SET_ASIDE_MAX = 4
/**
 * Those who only come and go are others, so that nobody waits for a log-in to place an order. A log-in costs as much as
 * an order, so they take their time.
 */
const BUYERS_PER_VISITOR = 12
const BETWEEN_VISITS_MS = [1_000, 5_000] as const
/** How many sign up at once before the load begins. */
const SIGN_UPS_AT_ONCE = 3
/** Nothing is broken yet: if nobody can sign up by then, it is not on account of a fault. */
const OPENING_PATIENCE_MS = 120_000
/** How often a relaxed load does something, all buyers together, on a machine that has nothing else to do. */
const RELAXED_EVERY_MS = 120
/**
 * The load alone makes a machine about so slow. Beyond that other work does, and each buyer pauses for so long for each
 * further time: more requests would only wait for each other.
 */
const OWN_SLOWNESS = 3
const PAUSE_PER_SLOWNESS_MS = 1_000
const NEVER = Number.POSITIVE_INFINITY

/**
 * Puts a load on a Bazaar: opens a market, then has `clients` buyers do one thing after the other, each as
 * fast as it is answered. Comes back when the market is open and the load has begun, relaxed.
 */
export async function startLoad(
  target: Target,
  options: { history: History; random: Random; clients: number; slowness: () => number },
): Promise<Load> {
  const world: World = {
    target,
    history: options.history,
    givesUpAtMs: Date.now() + OPENING_PATIENCE_MS,
    patienceMs: OPENING_PATIENCE_MS,
  }
  const { random } = options
  const actorOf = (process: string): Actor => ({ world, process, random: random.fork(process) })
  const opener = actorOf('opener')
  const sellers = await signUpAll(
    Array.from({ length: SELLERS }, () => opener),
    'SELLER',
  )
  const market = await openMarket(
    opener,
    sellers.map(({ person }) => person),
  )
  const named = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => actorOf(`${name}-${index + 1}`))
  const visitorsCount = Math.max(1, Math.round(options.clients / BUYERS_PER_VISITOR))
  const buyers: Buyer[] = (await signUpAll(named('client', options.clients), 'BUYER')).map((who) => ({
    ...who,
    market,
    orders: [],
  }))
  const visitors: Visitor[] = (await signUpAll(named('visitor', visitorsCount), 'BUYER')).map((who) => ({
    ...who,
    ended: [],
  }))

  world.givesUpAtMs = NEVER
  let isRelaxed = true
  const state: State = {
    finishing: false,
    pauseMs() {
      const slowness = options.slowness()
      if (isRelaxed) return RELAXED_EVERY_MS * buyers.length * slowness
      return PAUSE_PER_SLOWNESS_MS * Math.max(0, slowness - OWN_SLOWNESS)
    },
  }
  const done = Promise.all([
    ...buyers.map((buyer) => keepBuying(buyer, state)),
    ...visitors.map((visitor) => keepVisiting(visitor, state)),
  ])
  return {
    hurry() {
      isRelaxed = false
    },
    relax() {
      isRelaxed = true
    },
    async finish(patienceMs) {
      state.finishing = true
      world.patienceMs = patienceMs
      world.givesUpAtMs = Date.now() + patienceMs
      await done
      await Promise.all(buyers.map(cancelUnpaid))
    },
    async lookAtEverything() {
      for (const buyer of buyers) await listOrders(buyer, 100, { all: true })
      for (const visitor of visitors) await tryAllEnded(visitor)
    },
  }
}

/** What all clients are told; a pause is that between two deeds of one of them. */
type State = { finishing: boolean; pauseMs: () => number }

type Known = { actor: Actor; person: Person }

/** Signs up one person for each actor, a few at a time. */
async function signUpAll(actors: readonly Actor[], type: 'BUYER' | 'SELLER'): Promise<Known[]> {
  const waiting = [...actors]
  const known: Known[] = []
  const work = async () => {
    for (let actor = waiting.shift(); actor; actor = waiting.shift()) {
      const person = await newPerson(actor, type)
      if (!person) throw new Error('nobody can sign up, though nothing is broken yet')
      known.push({ actor, person })
    }
  }
  await Promise.all(Array.from({ length: SIGN_UPS_AT_ONCE }, work))
  return known
}

/**
 * Does one thing after the other. What is in the hands of somebody who was killed is asked for again beside the next:
 * nobody stands still for half a minute on account of one order.
 */
async function keepBuying(buyer: Buyer, state: State): Promise<void> {
  const open = new Set<Promise<void>>()
  while (!state.finishing) {
    const { promise: goesOn, resolve } = Promise.withResolvers<void>()
    // One that throws stays, and is heard of at the end.
    const deed: Promise<void> = doSomething({ ...buyer, actor: { ...buyer.actor, goesOn: resolve } }).then(
      () => void open.delete(deed),
    )
    open.add(deed)
    await Promise.race([deed, goesOn])
    while (open.size > SET_ASIDE_MAX) await Promise.race(open)
    // A deed that came to nothing must not keep the event loop for itself.
    const pauseMs = state.pauseMs()
    if (pauseMs > 0) await setTimeout(pauseMs)
    else await setImmediate()
  }
  await Promise.all(open)
}

async function doSomething(buyer: Buyer): Promise<void> {
  const { actor, market } = buyer
  const doing = {
    place: () => placeOrder(buyer),
    cancel: () => cancelOrder(buyer),
    look: () => look(buyer),
    move: () => moveSale(actor, market),
    adjust: () => adjustStock(actor, market),
  }
  await doing[actor.random.weighted(MIX)]()
}

async function keepVisiting(visitor: Visitor, state: State): Promise<void> {
  while (!state.finishing) {
    await visit(visitor)
    await setTimeout(visitor.actor.random.between(...BETWEEN_VISITS_MS) + state.pauseMs())
  }
}
