import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repository } from '../folders.ts'

/** What a service is made of, besides its own folder. */
const SHARED = ['shared', 'bun.lock']
const NOT_RUN = new Set(['node_modules', 'test', 'README.md'])

/**
 * Names the code of a service by its content, so that a verification is known to be of this code and no other:
 * everything the service runs, its own and what is shared.
 */
export async function versionOf(service: string): Promise<string> {
  const hash = createHash('sha256')
  for (const part of [join('services', service), ...SHARED]) {
    for (const file of await filesIn(part)) {
      hash.update(file)
      hash.update(await readFile(join(repository, file)))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesIn(path: string): Promise<string[]> {
  if (path.endsWith('.lock')) return [path]
  const entries = await readdir(join(repository, path), { withFileTypes: true })
  const nested = entries
    .filter(({ name }) => !NOT_RUN.has(name) && !name.startsWith('.') && !name.endsWith('.test.ts'))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((entry) => {
      const inside = join(path, entry.name)
      return entry.isDirectory() ? filesIn(inside) : [inside]
    })
  return (await Promise.all(nested)).flat()
}
