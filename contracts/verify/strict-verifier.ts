import { Verifier } from '@pact-foundation/pact'
import type { Provider, SentMessage, StateHandler } from '../providers/provider.ts'
import { mismatchesOf } from './mismatches.ts'
import { fingerprint, type Interaction, type Pact } from './pact-file.ts'
import type { Outcome } from './records.ts'

/*
 * Pact's verifier, made strict. By itself it succeeds when there is nothing to verify, when a state has no
 * handler, and when a handler fails. Here each of that is a fault, and every interaction must have a result.
 */

/** What a verification came to: an outcome for every interaction, and what went wrong besides. */
export type Verified = { outcomes: Outcome[]; faults: string[] }

const TIMEOUT_MS = 20_000

/** Verifies that a provider keeps the pact in a file. Answers what it found, also when the verifier itself breaks down. */
export async function verifyPact(provider: Provider, pact: Pact, file: string): Promise<Verified> {
  const faults = faultsOf(provider, pact)
  if (faults.length > 0) return { outcomes: [], faults }

  const handlerFaults: string[] = []
  const verifier = new Verifier({
    provider: provider.name,
    providerBaseUrl: provider.url,
    pactUrls: [file],
    logLevel: 'error',
    timeout: TIMEOUT_MS,
    failIfNoPactsFound: true,
    beforeEach: provider.reset,
    stateHandlers: strictStates(provider, handlerFaults),
    messageProviders: messageProviders(provider, pact),
  })
  const { results, fault } = await resultsOf(verifier)
  const outcomes = pact.interactions.flatMap((interaction) => outcomeOf(interaction, results))
  const missing = pact.interactions.length - outcomes.length
  return {
    outcomes,
    faults: [
      ...new Set(handlerFaults),
      ...(fault === undefined ? [] : [fault]),
      ...(missing === 0 ? [] : [`${missing} of ${pact.interactions.length} interactions have no result`]),
      ...(results.length > pact.interactions.length ? ['there are more results than interactions'] : []),
    ],
  }
}

/** What makes it pointless to begin. */
function faultsOf(provider: Provider, pact: Pact): string[] {
  if (pact.provider.name !== provider.name)
    return [`the pact is about "${pact.provider.name}", not about "${provider.name}"`]
  if (pact.interactions.length === 0) return ['the pact has no interactions']
  const states = pact.interactions.flatMap(({ providerStates = [] }) =>
    providerStates.map(({ name }) => name),
  )
  const unhandled = [...new Set(states)].filter((name) => !Object.hasOwn(provider.states, name))
  const unsent = pact.interactions
    .filter(({ type }) => type === 'Asynchronous/Messages')
    .map((interaction) => messageTypeOf(interaction))
    .filter((type) => !Object.hasOwn(provider.messages, type))
  return [
    ...unhandled.map((name) => `${provider.name} has no handler for the state "${name}"`),
    ...unsent.map((type) => `${provider.name} has no source of the message "${type}"`),
  ]
}

/** Interactions are described as `<message type>: <case>`. */
function messageTypeOf({ description }: Interaction): string {
  return description.split(':')[0] ?? ''
}

type Handler = Record<'setup' | 'teardown', (params?: unknown) => Promise<void>>

/** Pact answers 200 for a handler that failed: we remember it. */
function strictStates({ states }: Provider, faults: string[]): Record<string, Handler> {
  const noting = (name: string, action: 'setup' | 'teardown', handler: StateHandler<never>) => {
    return async (params: unknown = {}) => {
      try {
        // What the parameters are is between the pact and the handler: no type of ours knows it here.
        await handler[action]?.(params as never)
      } catch (error) {
        faults.push(`the ${action} of the state "${name}" failed: ${String(error)}`)
      }
    }
  }
  return Object.fromEntries(
    Object.entries(states).map(([name, handler]) => [
      name,
      { setup: noting(name, 'setup', handler), teardown: noting(name, 'teardown', handler) },
    ]),
  )
}

function messageProviders({ messages }: Provider, pact: Pact) {
  const asynchronous = pact.interactions.filter(({ type }) => type === 'Asynchronous/Messages')
  return Object.fromEntries(
    asynchronous.map((interaction) => [
      interaction.description,
      async () => forPact(await messages[messageTypeOf(interaction)]?.()),
    ]),
  )
}

function forPact(sent: SentMessage | undefined) {
  if (!sent) throw new Error('nothing was sent')
  return { __pactMessageMetadata: sent.metadata, message: sent.content }
}

type Result = { description: string; result: string; mismatch?: unknown }

/** The verifier resolves with its results, or rejects with them in the message of the error. */
async function resultsOf(verifier: Verifier): Promise<{ results: Result[]; fault?: string }> {
  const text = await verifier
    .verifyProvider()
    .catch((error: unknown) => String(Object(error).message ?? error))
  try {
    const { interactionResults }: { interactionResults?: Result[] } = JSON.parse(text)
    return { results: interactionResults ?? [] }
  } catch {
    return { results: [], fault: `the verifier broke down: ${text}` }
  }
}

function outcomeOf(interaction: Interaction, results: readonly Result[]): Outcome[] {
  const result = results.find(({ description }) => description === interaction.description)
  if (!result) return []
  const mismatches = result.result === 'OK' ? [] : mismatchesOf(result.mismatch)
  return [{ description: interaction.description, fingerprint: fingerprint(interaction), mismatches }]
}
