import { isDeepStrictEqual } from 'node:util'
import { asArray, asObject, exampleOf, type Json, type JsonObject, tidySchema } from './openapi-schema.ts'

const SOME_REQUEST = 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e'
/** The refusals that name fields, each with a field that it could name. */
const FIELD_ERRORS: Record<string, JsonObject> = {
  'validation-failed': { pointer: '/query', code: 'unexpected-property' },
}

/**
 * The content of the refusals of one status, built from the notes that `route-schemas.ts` leaves for each. Their
 * codes form an enumeration, extra members name the code they come with, and each refusal has an example. Examples
 * are described once for all answers, in `examples`.
 */
export function problemContent(status: number, problems: readonly Json[], examples: JsonObject): JsonObject {
  const kinds = problems.map(asObject)
  const shown = kinds.map(({ code, title, members }) => {
    const example = exampleOfProblem({ status, code, title, members })
    const name = String(code)
    if (examples[name] && !isDeepStrictEqual(examples[name], example))
      throw new Error(`Give two different problems different codes: both are "${name}"`)
    examples[name] = example
    return [name, { $ref: `#/components/examples/${name}` }] as const
  })
  const own = {
    type: 'object',
    properties: {
      status: { type: 'integer', const: status },
      code: { type: 'string', enum: kinds.map(({ code = null }) => code) },
      ...membersOf(kinds),
    },
  }
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, own] }
  return { 'application/problem+json': { schema, examples: Object.fromEntries(shown) } }
}

function exampleOfProblem(problem: {
  status: number
  code: Json | undefined
  title: Json | undefined
  members: Json | undefined
}): JsonObject {
  const { status, title = '' } = problem
  const code = String(problem.code)
  const more = exampleOf(tidySchema(asObject(problem.members)), true)
  const error = FIELD_ERRORS[code]
  return {
    summary: title,
    value: {
      type: `urn:bazaar:problem:${code}`,
      title,
      status,
      instance: SOME_REQUEST,
      code,
      ...(error ? { errors: [error] } : {}),
      ...asObject(more),
    },
  }
}

/** The extra members of some refusals; each says which code it comes with. */
function membersOf(kinds: readonly JsonObject[]): JsonObject {
  const members = new Map<string, { schema: JsonObject; codes: Json[] }>()
  for (const { code = null, members: declared } of kinds) {
    for (const [name, schema] of Object.entries(asObject(asObject(declared)['properties']))) {
      const known = members.get(name)
      if (known && !isDeepStrictEqual(known.schema, schema))
        throw new Error(`Cannot describe "${name}": problems of one status mean different things by it`)
      members.set(name, { schema: asObject(schema), codes: [...(known?.codes ?? []), code] })
    }
  }
  return Object.fromEntries(
    [...members].map(([name, { schema, codes }]) => {
      const { description, ...tidy } = tidySchema(schema)
      const told = asArray(codes).map((code) => `\`${code}\``)
      return [name, { ...tidy, description: `${description}. With ${told.join(', ')}` }]
    }),
  )
}
