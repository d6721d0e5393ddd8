import { describeError } from './describe-error.ts'
import { REDACTED, scrubbed } from './redact.ts'

/*
 * Values that never reach a log, whichever code hands them over: those under telling names, and anything that looks
 * like a secret or identifies a person. Logging code leaves such things out by itself; this is for the line that
 * forgets it.
 */

const SECRET_NAME =
  /pass(word|phrase)?|pepper|secret|token|credential|authorization|cookie|api-?key|^key$|^session$|card|cvv|e-?mail|mobile|^login$/i
/** Names are those of our own code, and few; should they ever be others, no more than so many are remembered. */
const NAMES_MAX = 1_000
const isSecretByName = new Map<string, boolean>()

const DEPTH_MAX = 6
const MEMBERS_MAX = 100

/**
 * The fields to log, without those whose names say that they are secret; of errors only the parts that may be written
 * down.
 */
export function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return membersOf(fields, 0)
}

function membersOf(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MEMBERS_MAX)
      .map(([name, member]) => [name, isSecret(name) ? REDACTED : loggable(member, depth + 1)]),
  )
}

function isSecret(name: string): boolean {
  const known = isSecretByName.get(name)
  if (known !== undefined) return known
  const found = SECRET_NAME.test(name)
  if (isSecretByName.size < NAMES_MAX) isSecretByName.set(name, found)
  return found
}

function loggable(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value)
  if (typeof value === 'string') return scrubbed(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth >= DEPTH_MAX) return '[deep]'
  if (Array.isArray(value)) return value.slice(0, MEMBERS_MAX).map((member) => loggable(member, depth + 1))
  return membersOf(value, depth)
}
