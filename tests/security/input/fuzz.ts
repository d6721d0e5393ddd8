import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { type Caller, verdictOn } from '../callers/callers.ts'
import { complaintsAbout } from '../output/judge.ts'
import { type Answer, asCurl, ask, type Call, type Credentials, codeOf } from '../system/ask.ts'
import type { Operation } from '../system/operations.ts'
import { describedCalls, twistedCalls } from './arbitrary-calls.ts'
import { isDescribed } from './oracle.ts'

/** A call, and who sends it. */
export type Attempt = { call: Call; caller: string; credentials: Credentials; verdict: string }

/** The same draws each time, so that a change is judged by what it changed; BAZAAR_FUZZ_SEED takes others. */
export const seed = Number(process.env['BAZAAR_FUZZ_SEED'] ?? 1_526_258_870)

/** Whether the large numbers are wanted: `./bazaar test --full`. */
export const isFull = process.env['BAZAAR_TEST_FULL'] === '1'

/** How often a service that is too busy is asked again. */
const PATIENCE = 10

/** How many requests were sent, and how many of them were let in, refused for what they are, or for who sent them. */
export const counts = { sent: 0, byStatus: new Map<number, number>() }

/** Attempts that must be refused: by those who may not, or not as the document describes it. */
export function refusedAttempts(
  operation: Operation,
  known: { ids: readonly string[]; callers: readonly Caller[]; owner: Credentials },
): fc.Arbitrary<Attempt> {
  const strangers = known.callers
    .map((caller) => ({ caller, verdict: verdictOn(caller, operation) }))
    .filter(({ verdict }) => verdict.startsWith('401') || verdict === '403 forbidden')
  const twisted = twistedCalls(operation, known.ids)
  const invalid = twisted
    .filter((call) => !isDescribed(operation, call))
    .map((call) => ({ call, caller: 'the owner', credentials: known.owner, verdict: 'refused' }))
  if (strangers.length === 0) return invalid
  const byStrangers = fc
    .tuple(fc.constantFrom(...strangers), fc.oneof(describedCalls(operation, known.ids), twisted))
    .map(([{ caller, verdict }, call]) => ({
      call: { ...call, headers: withoutAccept(call.headers) },
      caller: caller.name,
      credentials: caller.credentials,
      verdict,
    }))
  return fc.oneof({ arbitrary: invalid, weight: 4 }, { arbitrary: byStrangers, weight: 1 })
}

/** Attempts by the owner that the document describes. */
export function describedAttempts(
  operation: Operation,
  known: { ids: readonly string[]; owner: Credentials },
): fc.Arbitrary<Attempt> {
  return describedCalls(operation, known.ids).map((call) => ({
    call,
    caller: 'the owner',
    credentials: known.owner,
    verdict: 'any',
  }))
}

/**
 * Makes attempts at an operation until one of them is answered as it must not be.
 * @throws {Error} with the smallest such attempt, as a command.
 */
export async function attemptMany(
  operation: Operation,
  attempts: fc.Arbitrary<Attempt>,
  options: { seed: number; runs: number; around?: (send: () => Promise<void>) => Promise<void> },
): Promise<void> {
  const { around = (send) => send(), seed: drawnFrom, runs } = options
  const property = fc.asyncProperty(attempts, (attempt) => around(() => attemptOnce(operation, attempt)))
  await fc.assert(property, { seed: drawnFrom, numRuns: runs, endOnFailure: false })
}

async function attemptOnce(
  operation: Operation,
  { call, caller, credentials, verdict }: Attempt,
): Promise<void> {
  const answer = await askPatiently(operation, call, credentials)
  counts.sent++
  counts.byStatus.set(answer.status, (counts.byStatus.get(answer.status) ?? 0) + 1)
  const complaints = [...complaintsAboutVerdict(verdict, answer), ...complaintsAbout(operation, call, answer)]
  if (complaints.length === 0) return
  throw new Error(
    `${operation.id} by ${caller}: ${complaints.join('; ')}\n${asCurl(operation, call, credentials)}\n${answer.text.slice(0, 500)}`,
  )
}

/** A service that is too busy to ask another says when to come again; what is always so, is wrong. */
async function askPatiently(operation: Operation, call: Call, credentials: Credentials): Promise<Answer> {
  for (let times = 1; ; times++) {
    const answer = await ask(operation, call, credentials)
    if (codeOf(answer) !== 'dependency-unavailable' || times === PATIENCE) return answer
    await delay(1_000 * Number(answer.headers.get('retry-after') ?? 1))
  }
}

function complaintsAboutVerdict(verdict: string, answer: Answer): string[] {
  if (verdict === 'any') return []
  if (verdict === 'refused') return answer.status < 400 ? [`let in with ${answer.status}`] : []
  const found = `${answer.status} ${codeOf(answer)}`
  return found === verdict ? [] : [`answered ${found} in place of ${verdict}`]
}

function withoutAccept(headers: Call['headers']): Record<string, string> {
  const { accept: _, ...others } = headers ?? {}
  return others
}
