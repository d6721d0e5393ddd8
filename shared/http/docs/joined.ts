import { isDeepStrictEqual } from 'node:util'
import { marketplace } from '../../api/marketplace.ts'
import { documentOf } from './document-of.ts'
import { asArray, asObject, type Json, type JsonObject } from './openapi-schema.ts'
import { ABOUT_EVERY_SERVICE } from './swagger.ts'

/** The way to say who calls that people have. */
const SESSION = 'securitySchemes/session'

/**
 * One document of all that people can do, whichever service does it: each path says where its service is. What services
 * ask of each other (`x-internal`) is left out, with all that is described for it alone.
 *
 * @throws {Error} when two services have the same path, operation, or component with another meaning.
 */
export async function joinedDocument(): Promise<JsonObject> {
  const joined: JsonObject = {}
  const tags: JsonObject[] = []
  const components: JsonObject = {}
  for (const { api, url } of marketplace) {
    const document: JsonObject = JSON.parse(JSON.stringify(await documentOf(api)))
    const paths = publicPathsOf(document)
    for (const [path, item] of Object.entries(paths))
      add(joined, path, { servers: [{ url, description: api.title }], ...asObject(item) })
    tags.push(...asArray(document['tags']).map(asObject).filter(isTagOf(paths)))
    const described = asObject(document['components'])
    for (const place of [SESSION, ...componentsOf(paths, described)]) {
      const [kind = '', name = ''] = place.split('/')
      const named = asObject(components[kind])
      components[kind] = named
      add(named, name, asObject(described[kind])[name] ?? null)
    }
  }
  refuseSameNames(joined)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bazaar',
      version: '0.1.0',
      description: `Everything that visitors, buyers and sellers can do, of the services user, inventory and order.\n${ABOUT_EVERY_SERVICE}`,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '.', description: 'Where a gateway has all services at one address' }],
    tags,
    paths: joined,
    components,
  }
}

function publicPathsOf(document: JsonObject): JsonObject {
  const items = Object.entries(asObject(document['paths'])).map(([path, item]) => {
    const open = Object.entries(asObject(item)).filter(([, operation]) => !asObject(operation)['x-internal'])
    return [path, Object.fromEntries(open)] as const
  })
  return Object.fromEntries(items.filter(([, item]) => Object.keys(item).length > 0))
}

function isTagOf(paths: JsonObject): (tag: JsonObject) => boolean {
  const text = JSON.stringify(paths)
  return ({ name = '' }) => text.includes(JSON.stringify([name]))
}

/** The places of the components that the value refers to, and of those that they refer to in turn. */
function componentsOf(value: Json, components: JsonObject, found = new Set<string>()): Set<string> {
  for (const [, kind = '', name = ''] of JSON.stringify(value).matchAll(/#\/components\/(\w+)\/([^"]+)"/g)) {
    const place = `${kind}/${name}`
    if (found.has(place)) continue
    found.add(place)
    componentsOf(asObject(components[kind])[name] ?? null, components, found)
  }
  return found
}

function add(all: JsonObject, name: string, value: Json): void {
  if (name in all && !isDeepStrictEqual(all[name], value))
    throw new Error(`Cannot join the documents: "${name}" of two services means different things`)
  all[name] = value
}

/** Names of operations become names of functions in programs that are generated. */
function refuseSameNames(paths: JsonObject): void {
  const names = Object.values(paths).flatMap((item) =>
    Object.values(asObject(item)).flatMap((operation) => asObject(operation)['operationId'] ?? []),
  )
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`Cannot join the documents: two operations are called "${twice}"`)
}
