import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { releasedFolder } from '../folders.ts'
import type { FiledPact } from './pact-folder.ts'
import type { VerificationRecord } from './records.ts'

/** What runs in production, as far as contracts go. */
export type Released = {
  services: Record<
    string,
    {
      /** The name of its code: see versions.ts. */
      version: string
      /** The interactions that it was verified to keep, as a provider: their fingerprints and their words. */
      keeps: Record<string, string>
    }
  >
}

const manifest = join(releasedFolder, 'release.json')
const pactsFolder = join(releasedFolder, 'pacts')

/** What was released last; nothing at the very beginning. */
export async function readReleased(): Promise<Released> {
  const text = await readFile(manifest, 'utf8').catch(() => '{}')
  const { services = {} }: Partial<Released> = JSON.parse(text)
  return { services }
}

/** Notes that a service is deployed as it is here: its pacts, and what it was verified to keep. */
export async function saveReleased(
  service: string,
  now: { version: string; pacts: readonly FiledPact[]; records: readonly VerificationRecord[] },
): Promise<void> {
  const { version, pacts, records } = now
  await mkdir(pactsFolder, { recursive: true })
  const own = pacts.filter(({ consumer }) => consumer.name === service)
  for (const { file } of own.filter(({ pactOf }) => pactOf === 'released')) await rm(file)
  for (const { file } of own.filter(({ pactOf }) => pactOf === 'current'))
    await writeFile(join(pactsFolder, basename(file)), await readFile(file))
  const keeps = records
    .filter(({ provider }) => provider === service)
    .flatMap(({ outcomes }) => outcomes.filter(({ mismatches }) => mismatches.length === 0))
    .map((outcome): [string, string] => [outcome.fingerprint, outcome.description])
    .sort(([, one], [, other]) => (one < other ? -1 : 1))
  const { services } = await readReleased()
  const next: Released = {
    services: { ...services, [service]: { version, keeps: Object.fromEntries(keeps) } },
  }
  await writeFile(manifest, `${JSON.stringify(next, null, 2)}\n`)
}
