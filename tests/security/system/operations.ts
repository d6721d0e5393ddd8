import type { Access } from '@bazaar/shared/api/operation'
import { asArray, asObject, type Json, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'
import { SERVICES, type ServiceName, urlOf } from './stack.ts'

/** Something a request says outside its body. */
export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  schema: JsonObject
}

/** One operation as the running service describes it; the tests know no other. */
export type Operation = {
  /** `order readOrder`: names of operations are unique within a service only. */
  id: string
  service: ServiceName
  name: string
  method: string
  /** In the notation of OpenAPI: `/orders/{orderId}`. */
  path: string
  /** Undefined when the document does not say: then it must not be there. */
  access: Access | undefined
  parameters: readonly Parameter[]
  body: JsonObject | undefined
  takesImage: boolean
  /** By status: the schema of the answer, `image`, or undefined when it has no body. */
  answers: ReadonlyMap<number, JsonObject | 'image' | undefined>
  /** By status: the headers that the answer may have, in small letters, and those that it must have. */
  headers: ReadonlyMap<number, { may: readonly string[]; must: readonly string[] }>
}

/** Every operation of the four services. */
export const operations: readonly Operation[] = (await Promise.all(SERVICES.map(operationsOf))).flat()

/** The operation of that id. */
export function operationOf(id: string): Operation {
  const found = operations.find((operation) => operation.id === id)
  if (!found) throw new Error(`No service has the operation "${id}"`)
  return found
}

/** Whether an operation only reads. */
export function isRead({ method }: Operation): boolean {
  return method === 'GET'
}

async function operationsOf(service: ServiceName): Promise<Operation[]> {
  const answer = await fetch(`${urlOf(service)}/openapi.json`)
  const document: JsonObject = await answer.json()
  return Object.entries(asObject(document['paths'])).flatMap(([path, item]) =>
    Object.entries(asObject(item)).map(([method, described]) =>
      operationFrom(asObject(resolved(described, document)), { service, path, method: method.toUpperCase() }),
    ),
  )
}

function operationFrom(
  described: JsonObject,
  where: { service: ServiceName; path: string; method: string },
): Operation {
  const name = String(described['operationId']).replace(`${where.service}_`, '')
  const content = asObject(asObject(described['requestBody'])['content'])
  const access: Access | undefined = JSON.parse(JSON.stringify(described['x-access'] ?? null)) ?? undefined
  return {
    ...where,
    id: `${where.service} ${name}`,
    name,
    access,
    parameters: asArray(described['parameters']).map((one) => parameterFrom(asObject(one))),
    body:
      'application/json' in content ? asObject(asObject(content['application/json'])['schema']) : undefined,
    takesImage: 'image/png' in content,
    answers: new Map(
      Object.entries(asObject(described['responses'])).map(([status, answer]) => [
        Number(status),
        answerFrom(asObject(asObject(answer)['content'])),
      ]),
    ),
    headers: new Map(
      Object.entries(asObject(described['responses'])).map(([status, answer]) => [
        Number(status),
        headersFrom(asObject(answer)),
      ]),
    ),
  }
}

function headersFrom(described: JsonObject) {
  const all = Object.entries(asObject(described['headers']))
  const names = (some: typeof all) => some.map(([name]) => name.toLowerCase())
  return { may: names(all), must: names(all.filter(([, one]) => asObject(one)['required'] === true)) }
}

function parameterFrom(described: JsonObject): Parameter {
  const place = described['in']
  if (place !== 'path' && place !== 'query' && place !== 'header')
    throw new Error(`A parameter is in "${String(place)}"`)
  return {
    name: String(described['name']),
    in: place,
    required: described['required'] === true,
    schema: asObject(described['schema']),
  }
}

function answerFrom(content: JsonObject): JsonObject | 'image' | undefined {
  if ('image/webp' in content) return 'image'
  const [media] = Object.values(content)
  return media === undefined ? undefined : asObject(asObject(media)['schema'])
}

/** The same with every reference replaced by what it refers to; nothing refers to itself. */
function resolved(value: Json, document: JsonObject): Json {
  if (Array.isArray(value)) return value.map((one) => resolved(one, document))
  if (typeof value !== 'object' || value === null) return value
  const { $ref: reference } = value
  if (typeof reference === 'string') {
    const parts = reference.split('/').slice(1)
    return resolved(
      parts.reduce<Json>((inside, part) => asObject(inside)[part] ?? null, document),
      document,
    )
  }
  const inside = Object.entries(value).map(([key, member]): [string, Json] => [
    key,
    resolved(member, document),
  ])
  return asOneObject(Object.fromEntries(inside))
}

/** A choice between objects as one object with the properties of all, so that bad values are tried for each of them. */
function asOneObject(schema: JsonObject): JsonObject {
  const { oneOf, discriminator, ...about } = schema
  const name = asObject(discriminator)['propertyName']
  if (typeof name !== 'string' || !oneOf) return schema
  const choices = asArray(oneOf).map((one) => asObject(asObject(one)['properties']))
  const [first = {}] = choices
  const { const: _, ...word } = asObject(first[name])
  const words = choices.map((one) => asObject(one[name])['const'] ?? null)
  const properties = { ...Object.assign({}, ...choices), [name]: { ...word, type: 'string', enum: words } }
  return { ...about, type: 'object', properties, required: [name], additionalProperties: false }
}
