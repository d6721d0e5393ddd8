import type { History } from './history.ts'
import type { Random } from './random.ts'
import type { Target } from './target.ts'
import type { Actor, Person, World } from './workload/actor.ts'
import { type Buyer, cancelOrder, listOrders, look, placeOrder } from './workload/buying.ts'
import { type Market, openMarket } from './workload/market.ts'
import { newPerson } from './workload/people.ts'
import { adjustStock, moveSale } from './workload/selling.ts'
import { tryAllEnded, type Visitor, visit } from './workload/visiting.ts'

/** A load under way. */
export type Load = {
  /**
   * Begins nothing new, and repeats what is open until it is known what became of it, or `patienceMs` is over.
   */
  finish: (patienceMs: number) => Promise<void>
  /** To be called at the quiescent point: every buyer reads all his orders, every ended session is tried again. */
  lookAtEverything: () => Promise<void>
}

const SELLERS = 4
/** What clients do, and how often. */
const MIX = { place: 55, cancel: 20, move: 5, look: 10, visit: 5, adjust: 3 } as const
const NEVER = Number.POSITIVE_INFINITY

/**
 * Puts a load on a Bazaar: opens a market, then has `clients` buyers do one thing after the other, each as
 * fast as he is answered. Comes back when the market is open and the load has begun.
 */
export async function startLoad(
  target: Target,
  options: { history: History; random: Random; clients: number },
): Promise<Load> {
  const world: World = { target, history: options.history, givesUpAtMs: NEVER }
  const opener: Actor = { world, process: 'opener', random: options.random.fork('opener') }
  const sellers = await people(opener, 'SELLER', SELLERS)
  const market = await openMarket(opener, sellers)
  const clients: Client[] = []
  for (let number = 1; number <= options.clients; number++)
    clients.push(await newClient({ ...opener, process: `client-${number}` }, market, options.random))

  const state = { finishing: false }
  const done = Promise.all(clients.map((client) => keepBusy(client, market, state)))
  return {
    async finish(patienceMs) {
      state.finishing = true
      world.givesUpAtMs = Date.now() + patienceMs
      await done
    },
    async lookAtEverything() {
      for (const { buyer, visitor } of clients) {
        await listOrders(buyer, 100, { all: true })
        await tryAllEnded(visitor)
      }
    },
  }
}

type Client = { buyer: Buyer; visitor: Visitor }

async function newClient(who: Actor, market: Market, random: Random): Promise<Client> {
  const actor: Actor = { ...who, random: random.fork(who.process) }
  const [person, guest] = await people(actor, 'BUYER', 2)
  if (!person || !guest) throw new Error('nobody came')
  return {
    buyer: { actor, person, market, orders: [] },
    visitor: { actor, person: guest, ended: [] },
  }
}

async function people(actor: Actor, type: 'BUYER' | 'SELLER', count: number): Promise<Person[]> {
  const all: Person[] = []
  while (all.length < count) {
    const person = await newPerson(actor, type)
    if (person) all.push(person)
  }
  return all
}

async function keepBusy(
  { buyer, visitor }: Client,
  market: Market,
  state: { finishing: boolean },
): Promise<void> {
  const { actor } = buyer
  const doing = {
    place: () => placeOrder(buyer),
    cancel: () => cancelOrder(buyer),
    look: () => look(buyer),
    move: () => moveSale(actor, market),
    adjust: () => adjustStock(actor, market),
    visit: () => visit(visitor),
  }
  while (!state.finishing) {
    await doing[actor.random.weighted(MIX)]()
    // A deed that came to nothing must not keep the event loop for itself.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
