import type { Use } from '../uses.ts'
import { fingerprint } from './pact-file.ts'
import type { FiledPact } from './pact-folder.ts'
import type { VerificationRecord } from './records.ts'
import type { Released } from './released.ts'

/*
 * Whether a service may be deployed, decided from pacts and records alone: it may when, next to everything that
 * will run beside it, each consumer gets from each provider what its pact states. During a roll-out old and new
 * run side by side, so a consumer counts as it is here or as it was released, according to which of them runs.
 */

/** All that the decision is made from. */
export type Knowledge = {
  services: readonly string[]
  uses: readonly Use[]
  pacts: readonly FiledPact[]
  records: readonly VerificationRecord[]
  /** The names of the code of the services as it is here. */
  versions: Record<string, string>
  /** What runs: the services as they were released last. */
  released: Released
}

/** Which version of each service runs: the one here, the released one, or none. */
export type Running = Record<string, 'current' | 'released' | undefined>

/** What runs when nothing of what is here was deployed yet. */
export function runningNow({ services, released }: Knowledge): Running {
  return Object.fromEntries(services.map((name) => [name, released.services[name] && 'released']))
}

/** Why a service, as it is here, must not be deployed beside what runs; none when it may. */
export function refusalsFor(knowledge: Knowledge, service: string, running: Running): string[] {
  if (!knowledge.services.includes(service))
    return [`There is no service "${service}"; there are ${knowledge.services.join(', ')}`]
  return [
    ...missingPacts(knowledge, service),
    ...knowledge.pacts
      .filter(({ consumer, pactOf }) => consumer.name === service && pactOf === 'current')
      .flatMap((pact) => asConsumer(knowledge, pact, running)),
    ...knowledge.pacts
      .filter(
        ({ consumer, provider, pactOf }) => provider.name === service && running[consumer.name] === pactOf,
      )
      .flatMap((pact) => recordRefusals(knowledge, pact)),
  ]
}

function missingPacts({ uses, pacts }: Knowledge, service: string): string[] {
  return uses
    .filter(({ consumer }) => consumer === service)
    .filter(({ provider, name }) => {
      const pact = pacts.find(
        (one) => one.pactOf === 'current' && one.consumer.name === service && one.provider.name === provider,
      )
      return !pact?.interactions.some(({ description }) => description.startsWith(`${name}:`))
    })
    .map(({ provider, name }) => `${service} uses "${name}" of ${provider}, but no pact states it`)
}

function asConsumer(knowledge: Knowledge, pact: FiledPact, running: Running): string[] {
  const provider = pact.provider.name
  switch (running[provider]) {
    case 'current':
      return recordRefusals(knowledge, pact)
    case 'released': {
      const kept = knowledge.released.services[provider]?.keeps ?? {}
      return pact.interactions
        .filter((interaction) => !Object.hasOwn(kept, fingerprint(interaction)))
        .map(
          ({ description }) =>
            `the ${provider} that runs does not keep "${description}" for ${pact.consumer.name}: deploy ${provider} first`,
        )
    }
    case undefined:
      // As long as there is no sender, there are no messages, and nobody is hurt by listening.
      return pact.interactions.some(({ type }) => type === 'Synchronous/HTTP')
        ? [`${pact.consumer.name} asks ${provider}, which does not run: deploy ${provider} first`]
        : []
  }
}

/** Why a provider, as it is here, cannot be said to keep a pact. */
export function recordRefusals({ records, versions }: Knowledge, pact: FiledPact): string[] {
  const consumer = pact.consumer.name
  const provider = pact.provider.name
  const whose = pact.pactOf === 'released' ? `the released ${consumer}` : consumer
  if (pact.interactions.length === 0) return [`the pact of ${whose} with ${provider} states nothing`]
  const record = records.find(
    (one) => one.consumer === consumer && one.provider === provider && one.pactOf === pact.pactOf,
  )
  if (!record) return [`${provider} was never verified against the pact of ${whose}: run bun run contracts`]
  if (record.providerVersion !== versions[provider])
    return [
      `${provider} has changed since it was verified against the pact of ${whose}: run bun run contracts`,
    ]
  const faults = record.faults.map((fault) => `${provider} could not be verified for ${whose}: ${fault}`)
  if (record.outcomes.length === 0 && faults.length > 0) return faults
  const broken = pact.interactions.flatMap((interaction) => {
    const outcome = record.outcomes.find((one) => one.fingerprint === fingerprint(interaction))
    if (!outcome)
      return [
        `${provider} was not verified to keep "${interaction.description}" for ${whose} as the pact states it now`,
      ]
    return outcome.mismatches.map(
      (mismatch) => `${provider} breaks "${interaction.description}" for ${whose}: ${mismatch}`,
    )
  })
  return [...faults, ...broken]
}

/** In which order services can be deployed, one after the other, and why some cannot at all. */
export type RollOut = { order: string[]; refusals: Record<string, string[]> }

/** Finds an order in which the services can be deployed so that at no moment anything is broken. */
export function planRollOut(knowledge: Knowledge, services: readonly string[]): RollOut {
  const running = runningNow(knowledge)
  const waiting = new Set(services)
  const order: string[] = []
  for (;;) {
    const next = [...waiting].find((service) => refusalsFor(knowledge, service, running).length === 0)
    if (next === undefined) break
    running[next] = 'current'
    waiting.delete(next)
    order.push(next)
  }
  const left = [...waiting].map((service) => [service, refusalsFor(knowledge, service, running)] as const)
  return { order, refusals: Object.fromEntries(left) }
}
