import { expect, test } from 'bun:test'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { queuesOf } from '@bazaar/shared/api/message-flows'

/*
 * `messages list` shows the dead letters of the queues that are declared for a service. One that a consumer listens to
 * without its being declared would be missing there, and nobody would notice.
 */

const services = fileURLToPath(new URL('../../services/', import.meta.url))

test('the queues that a service listens to are those that are declared for it', async () => {
  for (const service of await readdir(services)) {
    const source = await readFile(`${services}${service}/src/consumers.ts`, 'utf8').catch(() => '')
    const named = [...source.matchAll(/'([a-z]+\.[a-z-]+)'/g)].map(([, name]) => name)
    const listened = named.filter((name) => name?.startsWith(`${service}.`))
    expect([service, listened.toSorted()]).toEqual([service, queuesOf(service).toSorted()])
  }
  expect(['user', 'inventory', 'order'].flatMap(queuesOf)).toHaveLength(3)
})
