import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { LogFinding } from '../checkers/evidence.ts'
import { membersOf } from '../checkers/evidence.ts'
import { shortHash } from '../workload/client.ts'
import type { Entry } from './history.ts'

/** What no log of a service may hold. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'secret: a password': /pw-canary-/,
  'secret: an API key': /bzk_[a-z]+_[0-9a-f]{16}_[A-Za-z0-9_-]{20}/,
  'secret: a hash of a password': /\$2[aby]\$\d\d\$/,
  'secret: a token of a card': /tok_(visa|declined|timeout)_\d{4}/,
  'secret: credentials in a URL': /(mysql|amqp|redis):\/\/[^/\s"]*:[^/\s"]+@/,
  'unhandled rejection': /unhandledRejection|Unhandled promise rejection/i,
  'uncaught exception': /uncaughtException|Uncaught /,
  'too many listeners': /MaxListenersExceeded/,
  'an invariant was violated': /InvariantViolation|an invariant was about to be broken/,
}
const TOKEN = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g

/** Looks through the logs of the services for signs of trouble and for secrets; sessions are known by the history. */
export async function searchLogs(files: readonly string[], history: readonly Entry[]): Promise<LogFinding[]> {
  const sessions = new Set(
    history.flatMap(({ f, value }) => (f === 'log-in' ? [membersOf(value)['session']] : [])),
  )
  const findings: LogFinding[] = []
  for (const file of files) {
    let number = 0
    for await (const text of createInterface({ input: createReadStream(file) })) {
      number += 1
      for (const [what, pattern] of Object.entries(FORBIDDEN))
        if (pattern.test(text)) findings.push({ file, what, line: number })
      for (const [token] of text.matchAll(TOKEN))
        if (sessions.has(shortHash(token)))
          findings.push({ file, what: 'secret: the key to a session', line: number })
    }
  }
  return findings
}
