import {
  type AttemptMade,
  type Evidence,
  type Operation,
  operationsOf,
  startFinding,
  type Verdict,
} from './evidence.ts'

/** How long after the answer to a log-out a session may still be let in somewhere. */
const ENDED_WITHIN_MS = 500

/**
 * C8, sessions as registers: one that was ended is refused everywhere half a second later (I14) and for ever
 * (I15); nobody gets in with one that never was, or with a wrong password, whatever is broken (I23); and every
 * answer belongs to whoever asked (I16).
 */
export function checkSessions({ history, rows }: Evidence): Verdict {
  const counts = { ended: 0, triedAfter: 0, forged: 0, answersOwned: 0 }
  const finder = startFinding(
    () => counts,
    () => counts.triedAfter === 0 || counts.forged === 0,
  )
  const { broken } = finder
  const operations = operationsOf(history)
  const endedAt = new Map<string, number>()
  for (const operation of operations) {
    if (operation.f !== 'log-out') continue
    const end = operation.attempts.find(isEnd)
    if (!end) continue
    counts.ended += 1
    endedAt.set(String(operation.asked['session']), end.endedMs ?? 0)
  }

  const owners = new Map(rows.orders.map((order) => [order.id, order.buyerId]))
  for (const operation of operations) {
    const { f, asked, attempts } = operation
    if (f === 'use-forged' || f === 'log-in-wrongly') {
      counts.forged += 1
      if (attempts.some(isLetIn)) broken('I23', 'somebody was let in without a right', show(operation))
    } else if (f === 'use-ended') {
      const endedMs = endedAt.get(String(asked['session']))
      const [use] = attempts
      if (endedMs === undefined || !use) continue
      counts.triedAfter += 1
      const sinceMs = use.invokedMs - endedMs
      if (sinceMs > ENDED_WITHIN_MS && isLetIn(use))
        broken(sinceMs > 10_000 ? 'I15' : 'I14', `an ended session was let in ${sinceMs} ms later`, {
          ...show(operation),
        })
    } else if (isOwned(operation)) {
      counts.answersOwned += 1
      const { answer } = operation
      for (const shown of [answer['recipient'], answer['userId'], owners.get(String(answer['orderId']))])
        if (shown !== undefined && shown !== asked['as'])
          broken('I16', 'somebody was shown what belongs to another', show(operation))
    }
  }
  return finder.verdict()
}

/** After 204, and after 401 to a log-out, the session is no more. */
function isEnd({ type, value }: AttemptMade): boolean {
  return type === 'ok' || value['status'] === 401
}

/** Any answer but "who are you?" or "not now" means that the session was taken for a living one. */
function isLetIn({ type, value }: AttemptMade): boolean {
  const status = value['status']
  return type === 'ok' || (type === 'fail' && status !== 401 && status !== 429 && status !== 'refused')
}

/** Sellers are shown the orders of others; buyers only their own. */
function isOwned({ f, outcome }: Operation): boolean {
  const own = ['place', 'pay', 'cancel', 'read-order', 'read-profile', 'log-in', 'add-address']
  return outcome === 'ok' && own.includes(f)
}

function show({ process, f, key, asked, attempts }: Operation): object {
  return { process, f, key, asked, attempts }
}
