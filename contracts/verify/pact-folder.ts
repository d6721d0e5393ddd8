import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pactsFolder, releasedFolder } from '../folders.ts'
import { type Pact, readPact } from './pact-file.ts'

/** Which version of its consumer a pact is of: the one here, or the one that was released last. */
export type PactOf = 'current' | 'released'

/** A pact and where it is. */
export type FiledPact = Pact & { file: string; pactOf: PactOf }

/** The pacts of the consumers as they are here, or as they were released last. */
export async function listPacts(pactOf: PactOf): Promise<FiledPact[]> {
  const folder = pactOf === 'current' ? pactsFolder : join(releasedFolder, 'pacts')
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map(async (name) => {
        const file = join(folder, name)
        const pact = readPact(await readFile(file, 'utf8'), file)
        if (name !== `${pact.consumer.name}-${pact.provider.name}.json`)
          throw new Error(`${file} is a pact between ${pact.consumer.name} and ${pact.provider.name}`)
        return { ...pact, file, pactOf }
      }),
  )
}
