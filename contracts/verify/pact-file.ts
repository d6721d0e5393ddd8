import { createHash } from 'node:crypto'

/** One interaction of a pact, with the parts that we look at ourselves; the rest is Pact's. */
export type Interaction = {
  type: 'Synchronous/HTTP' | 'Asynchronous/Messages'
  description: string
  providerStates?: { name: string; params?: Record<string, unknown> }[]
  request?: {
    method: string
    path: string
    headers?: Record<string, string[]>
    query?: Record<string, string[]>
    body?: { content: unknown }
  }
  response?: { status: number; headers?: Record<string, string[]>; body?: { content: unknown } }
  contents?: { content: unknown }
  metadata?: Record<string, unknown>
  /** What it refers to, by the kind of document. */
  comments?: { references?: Record<string, Record<string, string>> }
}

/** A pact as it is in its file: what one consumer expects of one provider. */
export type Pact = {
  consumer: { name: string }
  provider: { name: string }
  interactions: Interaction[]
  metadata?: object
}

/**
 * Reads a pact.
 * @throws {Error} naming the file when it is not a V4 pact with interactions of their own descriptions.
 */
export function readPact(text: string, file: string): Pact {
  const pact: Partial<Pact> = JSON.parse(text)
  const { consumer, provider, interactions, metadata } = pact
  if (!consumer?.name || !provider?.name || !Array.isArray(interactions))
    throw new Error(`${file} is not a pact`)
  const descriptions = interactions.map(({ description }) => description)
  const twice = descriptions.find((one, index) => descriptions.indexOf(one) !== index)
  if (twice !== undefined) throw new Error(`${file} has two interactions "${twice}"`)
  return { consumer, provider, interactions, ...(metadata ? { metadata } : {}) }
}

/** Names what an interaction says, whatever file it is in: the same words, the same fingerprint. Comments ask nothing. */
export function fingerprint({ comments: _, ...asked }: Interaction): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(asked)))
    .digest('hex')
    .slice(0, 16)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  )
}
