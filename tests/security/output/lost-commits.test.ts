import { afterAll, expect, test } from 'bun:test'
import type { ArmedSpot, TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { forgetKeys, openMarket } from '../system/market.ts'
import { type Operation, operations } from '../system/operations.ts'
import { SERVICES } from '../system/stack.ts'
import { type Attempt, attemptAt, complaintsOf, type Replica, send, startBehindProxies } from './attempts.ts'

/* Every operation that commits something, when the database's answer to its commit is lost. */

const market = await openMarket()
afterAll(forgetKeys)

const CODE = 'outcome-unknown'
const TRIES_MAX = 20
/** What a machine answers that is too busy for Redis, before it comes to a commit. */
const BUSY = '"dependency-unavailable"'
/** A commit as MariaDB and as MySQL are told it; settings of a connection have the word, too. */
const COMMITS = ['\u0003commit', '\u0001commit']
/** What is one statement the first time, and has a transaction only when it is repeated. */
const REPEATED = ['inventory confirmReservation', 'inventory confirmReservations']
/** What wakes a worker, whose commits would otherwise be those that are cut. */
const BESIDE_WORKER = ['user askForPasswordReset']

test.each([...SERVICES])(
  'of %s: every operation that says so answers 503 when the answer to its commit is lost',
  async (service) => {
    const committing = operations.filter((one) => one.service === service && mayBeUnknown(one))
    const running = await startBehindProxies(service)
    const wrong: string[] = []
    for (const operation of committing) {
      const { attempt, answer } = await withoutCommit(operation, running)
      wrong.push(...complaintsOf(attempt, answer, CODE))
    }
    await running.stop()
    expect(wrong).toEqual([])
    expect(committing.length).toBeGreaterThan(0)
  },
)

/** Whether it declares that its outcome may be unknown. */
function mayBeUnknown({ answers }: Operation): boolean {
  return JSON.stringify(answers.get(503)).includes(`"${CODE}"`)
}

/** Cuts a connection at the next commit, or at every one, until the function is called that it returns. */
function cutCommits(database: TcpProxy, which: 'next' | 'every'): () => void {
  const spots = new Set<ArmedSpot>()
  let isOver = false
  function arm(bytes: string): void {
    const spot = database.cutAt({ of: 'client', bytes })
    spots.add(spot)
    if (which === 'every') void spot.hit.then(() => isOver || arm(bytes))
  }
  for (const bytes of COMMITS) arm(bytes)
  return () => {
    isOver = true
    for (const spot of spots) spot.disarm()
  }
}

/** Sends it until the answer to its own commit is lost, and not to that of a worker behind it; then brings it to its end. */
async function withoutCommit(operation: Operation, { url, database }: Replica) {
  for (let tries = 1; ; tries++) {
    const attempt: Attempt = await attemptAt(operation, market)
    if (REPEATED.includes(operation.id)) await send(url, attempt)
    const pass = cutCommits(database, BESIDE_WORKER.includes(operation.id) ? 'every' : 'next')
    const answer = await send(url, attempt)
    pass()
    if (answer.status < 400 && tries < TRIES_MAX) continue
    // Otherwise a worker would come back to what was only begun, while other tests look at what changes.
    await send(url, attempt)
    if (!answer.text.includes(BUSY) || tries === TRIES_MAX) return { attempt, answer }
  }
}
