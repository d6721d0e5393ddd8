import { asArray, asObject, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'

/** The leaves of a schema with a path to each, as far as an example of it goes. */
export type Leaf = { path: readonly (string | number)[]; schema: JsonObject; isRequired: boolean }

/** Every value that a body of the schema may hold, and where. Of a list the first entry stands for all. */
export function leavesOf(schema: JsonObject, path: readonly (string | number)[] = []): Leaf[] {
  const required = asArray(schema['required'])
  return Object.entries(asObject(schema['properties'])).flatMap(([name, member]) => {
    const inner = asObject(member)
    const leaf = { path: [...path, name], schema: inner, isRequired: required.includes(name) }
    if (inner['type'] === 'array') return [leaf, ...leavesOf(asObject(inner['items']), [...path, name, 0])]
    return 'properties' in inner ? [leaf, ...leavesOf(inner, [...path, name])] : [leaf]
  })
}

/** A copy of a body with another value at the path; what is missing on the way is made. */
export function withValue(body: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(body) ? [...body] : []
    list[step] = withValue(list[step], rest, value)
    return list
  }
  const members: Record<string, unknown> = { ...Object(body) }
  members[step] = withValue(members[step], rest, value)
  return members
}

/** A copy of a body without the property at the path. */
export function withoutValue(body: unknown, path: readonly (string | number)[]): unknown {
  const parent = path.slice(0, -1)
  const { [String(path.at(-1))]: _, ...rest } = Object(valueAt(body, parent))
  return withValue(body, parent, rest)
}

/** What stands at the path, if anything does. */
export function valueAt(body: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    body,
  )
}
