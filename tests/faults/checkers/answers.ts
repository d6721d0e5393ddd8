import { type Evidence, operationsOf, startFinding, type Verdict } from './evidence.ts'

/**
 * The manners of every answer, whatever is broken behind it: of the 5xx only 503, problems as problem documents,
 * and with each "not now" when to come again. And a sign-up or a log-in with the right password is never refused.
 */
export function checkAnswers({ history }: Evidence): Verdict {
  const operations = operationsOf(history)
  const counts = { answers: 0, unavailable: 0 }
  const finder = startFinding(
    () => counts,
    () => counts.answers === 0,
  )
  for (const { f, key, outcome, answer, attempts } of operations) {
    for (const { value } of attempts) {
      if (typeof value['status'] === 'number') counts.answers += 1
      if (value['status'] === 503) counts.unavailable += 1
      if (value['flaw'] !== undefined) finder.broken('I24', String(value['flaw']), { f, key, value })
    }
    const refused = outcome === 'fail' && answer['status'] !== 'refused' && answer['status'] !== 429
    if (refused && (f === 'sign-up' || f === 'log-in'))
      finder.broken('I24', `a ${f} was refused to who had a right to it`, { key, answer })
  }
  return finder.verdict()
}
