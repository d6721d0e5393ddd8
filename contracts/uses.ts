import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { iamApi } from '@bazaar/shared/api/iam'
import { inventoryApi } from '@bazaar/shared/api/inventory'
import { type MessageType, messages } from '@bazaar/shared/api/messages'
import type { Api } from '@bazaar/shared/api/operation'
import { orderApi } from '@bazaar/shared/api/order'
import { userApi } from '@bazaar/shared/api/user'
import { repository } from './folders.ts'

/*
 * Who uses what of whom, read from the sources of the services, so that nobody has to remember to write a
 * contract: a service that imports the client of another may call the operations whose names occur in its
 * sources, and hears the messages it starts a consumer for.
 */

/** An operation or a message of a provider that a consumer uses. */
export type Use = { consumer: string; provider: string; kind: 'operation' | 'message'; name: string }

/** What each service offers. */
export const apis: Record<string, Api> = {
  iam: iamApi,
  user: userApi,
  inventory: inventoryApi,
  order: orderApi,
}

const MESSAGE_TYPES = Object.keys(messages)

/** Everything that the services use of each other. */
export async function listUses(): Promise<Use[]> {
  const sources = await Promise.all(
    Object.keys(apis).map(async (service) => ({ service, text: await sourceOf(service) })),
  )
  const senders = new Map(
    sources.flatMap(({ service, text }) =>
      ['enqueue(', 'composeMessage('].flatMap((call) =>
        typesIn(text, call).map((type): [string, string] => [type, service]),
      ),
    ),
  )
  return sources.flatMap(({ service: consumer, text }) => [
    ...operationUses(consumer, text),
    ...typesIn(text, 'startConsumer(').map((name): Use => {
      const provider = senders.get(name)
      if (!provider) throw new Error(`${consumer} listens to "${name}", which nobody sends`)
      return { consumer, provider, kind: 'message', name }
    }),
  ])
}

/** The uses of operations in a source; a name that only looks like one counts, for the sake of safety. */
export function operationUses(consumer: string, text: string): Use[] {
  const providers = [...text.matchAll(/'@bazaar\/shared\/clients\/([a-z]+)'/g)].flatMap(([, name = '']) =>
    name in apis ? [name] : [],
  )
  return [...new Set(providers)].flatMap((provider) =>
    Object.keys(apis[provider]?.operations ?? {})
      .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
      .map((name): Use => ({ consumer, provider, kind: 'operation', name })),
  )
}

/** The types of messages named in the arguments of a function, wherever it is called. */
export function typesIn(text: string, call: string): MessageType[] {
  const found = text
    .split(call)
    .slice(1)
    .flatMap((rest) => {
      const types = argumentsOf(rest).matchAll(/\btype: '([^']+)'/g)
      return [...types].map(([, type = '']) => type)
    })
  return [...new Set(found)].filter((type): type is MessageType => MESSAGE_TYPES.includes(type))
}

/** The text up to the bracket that closes the one just before it. */
function argumentsOf(text: string): string {
  let open = 1
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '(') open++
    if (text[index] === ')') open--
    if (open === 0) return text.slice(0, index)
  }
  return text
}

/** All sources of a service, without comments. */
async function sourceOf(service: string): Promise<string> {
  const folder = join(repository, 'services', service, 'src')
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  const texts = await Promise.all(names.sort().map((name) => readFile(join(folder, name), 'utf8')))
  return texts
    .join('\n')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
}
