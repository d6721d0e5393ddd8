import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asyncApiDocument } from '@bazaar/shared/http/docs/asyncapi'
import { repository } from './folders.ts'
import { SERVICES } from './providers/start.ts'
import { runChild } from './verify/child.ts'

/** Where the AsyncAPI document of a service is kept, so that a change of the messages shows in a review. */
export function asyncApiFile(service: string): string {
  return join(repository, 'contracts', 'asyncapi', `${service}.json`)
}

/** Writes the AsyncAPI documents anew, in the format of everything else. */
export async function saveAsyncApi(): Promise<void> {
  for (const service of SERVICES) {
    const document = asyncApiDocument(service)
    if (!document) continue
    const file = asyncApiFile(service)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, JSON.stringify(document, null, 2))
    const { status, output } = await runChild([
      'node_modules/@biomejs/biome/bin/biome',
      'format',
      '--write',
      file,
    ])
    if (status !== 0) throw new Error(output)
  }
}
