import type { SentMessage } from '../providers/provider.ts'

/** A request on its way to the provider. `body` is JSON, or undefined. */
export type Asked = { method: string; path: string; headers: Record<string, string>; body: unknown }
/** An answer on its way back. */
export type Answered = { status: number; headers: Record<string, string>; body: unknown }

/**
 * One change of a provider that is planted for one interaction: as if the provider understood something else, or
 * answered or sent something else. A break must be caught by the contract, a harmless change must not.
 */
export type Plant = {
  /** What is changed, in a few words. */
  name: string
  kind: 'break' | 'harmless'
  request?: (asked: Asked) => Asked
  answer?: (answered: Answered, asked: Asked) => Answered
  message?: (sent: SentMessage) => SentMessage
  /** A path that is served besides all others. */
  route?: string
}

/** The value with the member at the path changed; `undefined` as the new name removes it. */
export function changeAt(
  value: unknown,
  path: readonly string[],
  change: (name: string, member: unknown) => [name: string, member: unknown] | undefined,
): unknown {
  const [key, ...rest] = path
  if (key === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? changeAt(item, rest, change) : item))
  const entries = Object.entries(value).flatMap(([name, member]) => {
    if (name !== key) return [[name, member] as const]
    if (rest.length > 0) return [[name, changeAt(member, rest, change)] as const]
    const changed = change(name, member)
    return changed ? [changed] : []
  })
  return Object.fromEntries(entries)
}

/** The three ways to break a field: it is gone, it has another name, it is of another type. */
export const fieldBreaks: readonly { word: string; change: Parameters<typeof changeAt>[2] }[] = [
  { word: 'drop', change: () => undefined },
  { word: 'rename', change: (name, member) => [`${name}Renamed`, member] },
  { word: 'retype', change: (name, member) => [name, ofAnotherType(member)] },
]

function ofAnotherType(value: unknown): unknown {
  if (typeof value === 'string') return value.length
  if (value === null) return 'null'
  return String(value)
}

/** The value with a field that nobody knows in every object of it. */
export function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownFields)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, withUnknownFields(member)])
  return { ...Object.fromEntries(members), addedLater: 'optional' }
}

/** The value with the members of every object in the opposite order. */
export function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reordered(member)]),
  )
}
