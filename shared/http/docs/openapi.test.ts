import { describe, expect, test } from 'bun:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { getSchemaValidator } from 'elysia'
import { headersOf } from '../../api/headers.ts'
import { iamApi } from '../../api/iam.ts'
import { inventoryApi } from '../../api/inventory.ts'
import type { Access, Api, Operation } from '../../api/operation.ts'
import { orderApi } from '../../api/order.ts'
import { commonProblems } from '../../api/problems.ts'
import { nothing, picture } from '../../api/schema.ts'
import { userApi } from '../../api/user.ts'
import { documentOf } from './document-of.ts'

type Media = { schema: object; example?: unknown; examples?: object }
type Parameter = {
  name: string
  in: string
  required?: boolean
  example?: unknown
  schema: { type?: unknown }
}
type Described = {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, { description: string; headers?: object; content?: Record<string, Media> }>
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Described>>
  components: Record<'schemas' | 'securitySchemes' | 'examples', Record<string, object>>
}

const apis: Api[] = [iamApi, userApi, inventoryApi, orderApi]
const documents = await Promise.all(apis.map(async (api): Promise<Document> => Object(await documentOf(api))))
const everyOperation = apis.flatMap((api, index) =>
  Object.entries(api.operations).map(([name, operation]) => {
    const document = documents[index]
    const path = operation.path.replaceAll(/:([A-Za-z]+)/g, '{$1}')
    const described = document?.paths[path]?.[operation.method.toLowerCase()]
    if (!document || !described) throw new Error(`${api.service} does not describe ${name}`)
    return { title: `${api.service} ${name}`, api, name, operation, document, described }
  }),
)

/** Formats that are registered, https://spec.openapis.org/registry/format/; any other, and Ajv complains. */
const REGISTERED = {
  uuid: true,
  'date-time': true,
  password: true,
  'uri-reference': true,
  binary: true,
} as const

/** Whether a schema of the document takes the value; complains about every word it does not know. */
function accepts(document: Document, schema: object, value: unknown): boolean {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas })
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, discriminator: false, formats: REGISTERED })
  ajv.addKeyword('discriminator')
  return ajv.validate(JSON.parse(text.replaceAll('"#/components/schemas/', '"#/$defs/')), value)
}

describe.each(apis.map((api, index) => [api.service, api, index] as const))(
  'the document of %s',
  (_, api, index) => {
    const document = documents[index]
    if (!document) throw new Error('every API has its document')
    const described = Object.values(document.paths).flatMap((item) => Object.values(item))

    test('is valid OpenAPI 3.1', async () => {
      const validator = new Validator()
      expect(await validator.validate(document)).toEqual({ valid: true })
      expect(validator.version).toBe('3.1')
      expect(document.openapi).toBe('3.1.0')
    })

    test('describes every operation once and nothing else', () => {
      const ids = Object.entries(api.operations).map(([name, { access }]) => idOf(api, name, access))
      expect(described.map((one) => one.operationId).sort()).toEqual(ids.sort())
    })

    test('is the same however often it is written and beside every other piece', async () => {
      await Promise.all(apis.map(documentOf))
      expect(await documentOf(api)).toEqual(document)
    })

    test('has no member of our own but x-access and x-internal', () => {
      const own = [...JSON.stringify(document).matchAll(/"(x-[a-z-]+)":/g)].map(([, name]) => name)
      expect(own.filter((name) => name !== 'x-access' && name !== 'x-internal')).toEqual([])
    })

    test('has only formats that programs of others know', () => {
      const formats = [...JSON.stringify(document).matchAll(/"format":"([^"]+)"/g)].map(([, name]) => name)
      expect(formats.filter((name) => !Object.keys(REGISTERED).includes(String(name)))).toEqual([])
    })

    test('has no null among the words of an enumeration', () => {
      expect(JSON.stringify(document)).not.toMatch(/"enum":\[[^\]]*null/)
    })

    test('names its schemas, and refers to no other', () => {
      const named = ['schemas', 'headers', 'examples'].flatMap((kind) =>
        Object.keys(Object(document.components)[kind]).map((name) => `#/components/${kind}/${name}`),
      )
      const used = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name ?? '')
      expect(new Set(used)).toEqual(new Set(named))
    })

    test('describes its groups of operations, and says where it is served', () => {
      const { tags, servers } = Object(document)
      expect(tags.length).toBeGreaterThan(0)
      for (const tag of tags) expect(tag.description?.length).toBeGreaterThan(20)
      expect(servers).toEqual([{ url: '.', description: expect.any(String) }])
    })

    test('offers the kinds of credentials that its operations use', () => {
      const used = described.flatMap((one) => one.security.flatMap((way) => Object.keys(way)))
      expect(new Set(Object.keys(document.components.securitySchemes))).toEqual(new Set(used))
    })
  },
)

describe.each(everyOperation.map((one) => [one.title, one] as const))('%s', (_, one) => {
  const { api, name, operation, document, described } = one

  test('says what it does, where it belongs and who may call it', () => {
    expect(described.operationId).toBe(idOf(api, name, operation.access))
    expect(described.summary).toBe(operation.detail.summary)
    expect(described.tags).toEqual([...operation.detail.tags])
    expect(described.security).toEqual(securityOf(operation.access))
    expect(described.description).toContain(whoMayCall(operation.access))
  })

  test('says what it is to others exactly if it names somebody’s thing, and lists that refusal', () => {
    if (operation.access === 'anyone' || 'key' in operation.access) return
    const { others } = operation.access
    expect(others === 'have-their-own').toBe(!operation.path.includes(':'))
    if (others !== 'have-their-own') expect(operation.problems).toContain(others)
  })

  test('lists the success and every refusal, each as what it is', () => {
    for (const [status, codes] of refusalsOf(api, operation)) {
      const answer = described.responses[status]
      for (const code of codes) expect(answer?.description).toContain(`\`${code}\``)
    }
    const successes = [...Object.keys(operation.response), ...(isConditional(operation) ? ['304'] : [])]
    expect(
      Object.keys(described.responses)
        .filter((status) => Number(status) < 400)
        .sort(),
    ).toEqual(successes.sort())
    for (const [status, answer] of Object.entries(described.responses)) {
      expect(answer.description).not.toBe('')
      expect(Object.keys(answer.headers ?? {})).toEqual([...headersOf(operation, Number(status))])
      expect(Object.keys(answer.content ?? {})).toEqual(mediaTypesOf(operation, Number(status)))
    }
  })

  test('types each refusal: its codes, what they tell besides, and an example of each that could be one', () => {
    const { examples, schemas } = document.components
    for (const [status, answer] of Object.entries(described.responses)) {
      const media = answer.content?.['application/problem+json']
      if (!media) continue
      const codes = [...answer.description.matchAll(/^- `([a-z-]+)`/gm)].map(([, code]) => code)
      expect(Object.keys(media.examples ?? {})).toEqual(codes.map(String))
      for (const code of codes) {
        const problem = Object(examples[String(code)]).value
        expect(problem).toMatchObject({ status: Number(status), code })
        expect(accepts(document, media.schema, problem)).toBe(true)
        expect(accepts(document, media.schema, { ...problem, code: `${code}s` })).toBe(false)
        const declared = propertiesIn([schemas['Problem'], ...Object(media.schema).allOf])
        expect(Object.keys(problem).filter((name) => !declared.includes(name))).toEqual([])
      }
    }
  })

  test('names every parameter and header it reads, with an example where one must be sent', () => {
    const wanted = [
      ...[...operation.path.matchAll(/:([A-Za-z]+)/g)].map(([, parameter]) => `path ${parameter}`),
      ...propertiesOf(operation.query).map((parameter) => `query ${parameter}`),
      ...(operation.idempotencyKey ? ['header Idempotency-Key'] : []),
      ...(operation.ifMatch ? ['header If-Match'] : []),
      ...(isConditional(operation) ? ['header If-None-Match'] : []),
    ]
    expect(described.parameters.map((parameter) => `${parameter.in} ${parameter.name}`).sort()).toEqual(
      wanted.sort(),
    )
    for (const { required = false, example, schema } of described.parameters) {
      expect(example !== undefined).toBe(required)
      if (required) expect(accepts(document, schema, example)).toBe(true)
    }
  })

  test('offers a body that it would take, and says that it takes no unknown property', () => {
    const content = described.requestBody?.content ?? {}
    if (operation.imageBodyBytesMax) {
      const types = ['image/jpeg', 'image/png', 'image/webp', 'multipart/form-data']
      expect(Object.keys(content).sort()).toEqual(types)
      return
    }
    expect(Object.keys(content)).toEqual(operation.body ? ['application/json'] : [])
    const media = content['application/json']
    if (!operation.body || !media) return
    expect(described.requestBody?.required).toBe(true)
    expect(getSchemaValidator(operation.body as never, {}).Check(media.example)).toBe(true)
    expect(accepts(document, media.schema, media.example)).toBe(true)
    expect(accepts(document, media.schema, { ...Object(media.example), surprise: 1 })).toBe(false)
  })

  test('shows an answer that it could give', () => {
    for (const [status, schema] of Object.entries(operation.response)) {
      if (schema === nothing || schema === picture) continue
      const media = described.responses[status]?.content?.['application/json']
      if (!media) throw new Error(`${status} has no JSON`)
      expect(getSchemaValidator(schema as never, {}).Check(media.example)).toBe(true)
      expect(accepts(document, media.schema, media.example)).toBe(true)
    }
  })
})

/** What services ask of each other has the name of the service in front. */
function idOf({ service }: Api, name: string, access: Access): string {
  return access !== 'anyone' && 'key' in access ? `${service}_${name}` : name
}

function securityOf(access: Access): Described['security'] {
  if (access === 'anyone') return []
  return 'key' in access ? [{ key: [] }] : [{ session: [] }]
}

function propertiesIn(schemas: unknown[]): string[] {
  return schemas.flatMap((schema) => Object.keys(Object(schema).properties ?? {}))
}

function isConditional({ method, answerHeaders = [] }: Operation): boolean {
  return method === 'GET' && answerHeaders.includes('ETag')
}

function whoMayCall(access: Access): string {
  if (access === 'anyone') return 'Anyone'
  if ('key' in access) return access.key
  return access.session === 'any' ? 'any logged-in user' : access.session.toLowerCase()
}

function refusalsOf(api: Api, operation: Operation): Map<number, string[]> {
  const kinds: Api['problems'] = { ...commonProblems, ...api.problems }
  const codes = [
    ...(operation.problems ?? []),
    'internal-error',
    'dependency-unavailable',
    ...(operation.access === 'anyone' ? [] : ['unauthenticated']),
    ...(operation.body ? ['malformed-json', 'body-too-large', 'unsupported-media-type'] : []),
    ...(operation.idempotencyKey ? ['idempotency-key-missing', 'idempotency-key-reused'] : []),
    ...(operation.ifMatch === 'required' ? ['if-match-missing'] : []),
    ...(operation.ifMatch ? ['if-match-malformed', 'precondition-failed'] : []),
  ]
  return Map.groupBy(codes, (code) => kinds[code]?.status ?? 0)
}

function mediaTypesOf(operation: Operation, status: number): string[] {
  if (status >= 400) return ['application/problem+json']
  const schema = status === 304 ? nothing : operation.response[status]
  if (schema === picture) return ['image/webp']
  return schema === nothing ? [] : ['application/json']
}

function propertiesOf(schema: Operation['query']): string[] {
  return schema && 'properties' in schema ? Object.keys(Object(schema.properties)) : []
}

test('no two operations of all services have the same name', () => {
  const ids = everyOperation.map(({ described }) => described.operationId)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test('a payment is described by its type: what that needs and nothing else', () => {
  const document = documents[apis.indexOf(orderApi)]
  const schema = { $ref: '#/components/schemas/PaymentChoice' }
  if (!document) throw new Error('order has a document')
  const taken = [
    { type: 'CARD', cardToken: 'tok_visa_4242' },
    { type: 'UPI', upiId: 'ada@upi' },
    { type: 'NET_BANKING', bankCode: 'HDFC' },
    { type: 'CASH_ON_DELIVERY' },
  ]
  for (const choice of taken) expect(accepts(document, schema, choice)).toBe(true)
  for (const choice of [{ type: 'UPI' }, { ...taken[0], upiId: 'ada@upi' }, { type: 'BARTER' }])
    expect(accepts(document, schema, choice)).toBe(false)
})
