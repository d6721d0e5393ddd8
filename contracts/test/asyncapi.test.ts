import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import specs from '@asyncapi/specs'
import { messageFlows } from '@bazaar/shared/api/message-flows'
import { messages } from '@bazaar/shared/api/messages'
import { asyncApiDocument } from '@bazaar/shared/http/docs/asyncapi'
import { docsPage } from '@bazaar/shared/http/docs/page'
import { Ajv } from 'ajv'
import { drop, leavesOf } from '../consumers/needed.ts'
import { apis, listUses } from '../uses.ts'
import { listPacts } from '../verify/pact-folder.ts'

/** The schema of AsyncAPI brings the schema of schemas along, so the validator must not have its own. */
const ajv = new Ajv({
  strict: false,
  validateFormats: false,
  logger: false,
  meta: false,
  validateSchema: false,
})

const SCHEMAS = {
  'order.cancelled.v1': ['CancelledLine', 'OrderCancelled', 'OrderCancelledEvent'],
  'stock.released.v1': ['StockReleased', 'StockReleasedEvent'],
  'order.changed.v1': ['ChangedLine', 'OrderChanged', 'OrderChangedEvent'],
} as const

const documented: [service: string, types: (keyof typeof SCHEMAS)[]][] = [
  ['order', ['order.cancelled.v1', 'stock.released.v1', 'order.changed.v1']],
  ['inventory', ['order.cancelled.v1', 'stock.released.v1']],
  ['user', ['order.changed.v1']],
]

describe.each(documented)('the AsyncAPI document of %s', (service, types) => {
  const document = asyncApiDocument(service)

  test('is valid AsyncAPI 3.0.0', () => {
    const isValid = ajv.compile(Object(specs.schemas['3.0.0']))
    expect([isValid(document), isValid.errors]).toEqual([true, null])
    expect(isValid({ ...document, channels: { one: { address: 5 } } })).toBe(false)
  })

  test('names its schemas, and says where the broker is', () => {
    const { servers, components } = Object(document)
    expect(servers.broker).toMatchObject({ protocol: 'amqp', host: '{broker}' })
    const names = types.flatMap((type) => SCHEMAS[type])
    expect(Object.keys(components.schemas).sort()).toEqual(names.toSorted())
    const inside = JSON.stringify(components.messages)
    expect(inside).not.toContain('"properties"')
  })

  test('shows an example of each message, as its schema wants it and its sender would say it', () => {
    for (const [type, { examples }] of Object.entries(messagesIn(document))) {
      expect(examples).toHaveLength(1)
      for (const { payload } of examples) {
        const isMessage = validatorOf(document, type)
        expect([isMessage(payload), isMessage.errors]).toEqual([true, null])
        const flow = Object.entries(messageFlows).find(([name]) => name === type)?.[1]
        expect(payload).toMatchObject({ type, source: `/bazaar/${flow?.from}` })
      }
    }
  })

  test('is served beside the Swagger page', async () => {
    const api = apis[service]
    if (!api) throw new Error('there is no such service')
    const answer = await docsPage(api, []).handle(new Request('http://localhost/asyncapi.json'))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual(document)
  })
})

test('there is no AsyncAPI document of iam, which has no messages', () => {
  expect(asyncApiDocument('iam')).toBeUndefined()
})

test('messageFlows names the senders and receivers of each message, as their sources do', async () => {
  const uses = (await listUses()).filter(({ kind }) => kind === 'message')
  const flows = Object.entries(messageFlows)
  expect(flows.map(([name, { from, to }]) => `${to} hears ${name} of ${from}`).sort()).toEqual(
    uses.map(({ consumer, provider, name }) => `${consumer} hears ${name} of ${provider}`).sort(),
  )
  expect(flows.map(([name]) => name).sort()).toEqual(Object.keys(messages).sort())
  for (const [, { to, queue }] of flows) {
    const source = await readFile(new URL(`../../services/${to}/src/consumers.ts`, import.meta.url), 'utf8')
    expect(source).toContain(`'${queue}'`)
  }
})

test('the schemas of the documents accept the messages of the pacts, and none without a part that is needed', async () => {
  const stated = (await listPacts('current')).flatMap(({ interactions }) =>
    interactions.filter(({ type }) => type === 'Asynchronous/Messages'),
  )
  for (const { description, contents } of stated) {
    const type = description.split(':')[0] ?? ''
    const isMessage = validatorOf(asyncApiDocument('order'), type)
    expect(isMessage(contents?.content)).toBe(true)
    for (const path of leavesOf(contents?.content, []))
      expect(isMessage(drop(contents?.content, path))).toBe(false)
  }
  expect(stated.length).toBeGreaterThan(0)
})

test('each message of a pact refers to the operation that sends it', async () => {
  for (const { provider, interactions } of await listPacts('current')) {
    for (const { type, description, comments } of interactions) {
      if (type !== 'Asynchronous/Messages') continue
      const operationId = comments?.references?.['AsyncAPI']?.['operationId'] ?? ''
      expect(operationId).toBe(`send-${description.split(':')[0]}`)
      expect(Object(asyncApiDocument(provider.name)).operations[operationId].action).toBe('send')
    }
  }
})

type Described = { examples: { payload: unknown }[] }

function messagesIn(document: object | undefined): Record<string, Described> {
  return Object(document).components.messages
}

/** What decides whether something is a message of that type, by the document. */
function validatorOf(document: object | undefined, type: string) {
  const { components } = Object(document)
  return ajv.compile({ ...components.messages[type].payload, components })
}
