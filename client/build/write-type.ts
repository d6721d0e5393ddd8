import type { Schema } from './contract.ts'

/** The types that have a name of their own, by that name. */
export type NamedTypes = Map<string, string>

/** The TypeScript type of what a schema accepts. Objects with a title are put into `named`. */
export function typeOf(schema: Schema, named: NamedTypes): string {
  const { title } = schema
  if (title === undefined || !schema.properties) return plainTypeOf(schema, named)
  const text = plainTypeOf(schema, named)
  const known = named.get(title)
  if (known !== undefined && known !== text)
    throw new Error(`Give two different schemas different titles: both are "${title}"`)
  named.set(title, text)
  return title
}

function plainTypeOf(schema: Schema, named: NamedTypes): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => typeOf(one, named)))].join(' | ')
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return schema.type
    case 'array':
      return `Array<${typeOf(schema.items ?? {}, named)}>`
    case 'object':
      return schema.patternProperties
        ? `Record<string, ${Object.values(schema.patternProperties).map((one) => typeOf(one, named))}>`
        : `{\n${membersOf(schema, named).join('\n')}\n}`
    default:
      throw new Error(`Cannot write a type for ${JSON.stringify(schema)}`)
  }
}

/** The members of an object, each with its description. */
export function membersOf(schema: Schema, named: NamedTypes): string[] {
  return Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const isRequired = schema.required?.includes(name) ?? false
    const type = typeOf(member, named)
    return `${commentOf(member.description)}${name}${isRequired ? `: ${type}` : `?: ${type} | undefined`}`
  })
}

/** The members of a query, as programs have them: all are texts on the wire, but not in here. */
export function queryMembersOf(query: Schema, named: NamedTypes): string[] {
  const members = Object.entries(query.properties ?? {}).map(
    ([name, member]) => [name, asMeant(member)] as const,
  )
  return membersOf({ ...query, properties: Object.fromEntries(members) }, named)
}

function asMeant(member: Schema): Schema {
  const about = member.description === undefined ? {} : { description: member.description }
  if (member['x-integer']) return { type: 'number', ...about }
  const words = member.anyOf?.map((one) => one.const).sort()
  return words?.join() === 'false,true' ? { type: 'boolean', ...about } : member
}

/** A doc comment, or nothing when there is nothing to say. */
export function commentOf(...texts: (string | undefined)[]): string {
  const said = texts.filter((text) => text !== undefined).map((text) => text.replaceAll('*/', '*∕'))
  if (said.length < 2) return said.map((text) => `/** ${text} */\n`).join('')
  return `/**\n * ${said.join('\n *\n * ')}\n */\n`
}
