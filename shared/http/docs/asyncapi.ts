import { type Flow, messageFlows } from '../../api/message-flows.ts'
import { messages } from '../../api/messages.ts'
import { asObject, exampleOf, type JsonObject, nameParts, tidySchema } from './openapi-schema.ts'

const BINDING_VERSION = '0.3.0'
const PERSISTENT = 2

/** RabbitMQ is where the operator has it; this is where a stack on one machine has it. */
const BROKER = {
  host: '{broker}',
  protocol: 'amqp',
  protocolVersion: '0.9.1',
  description: 'RabbitMQ, which only the services reach',
  variables: { broker: { default: 'localhost:5672', description: 'What RABBITMQ_URL of the service names' } },
}

/**
 * The AsyncAPI 3 document of a service: the messages it sends and receives, with the schemas they are checked
 * against. Undefined when the service has no messages. https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument(service: string): JsonObject | undefined {
  const flows = Object.entries<Flow>(messageFlows).filter(
    ([, { from, to }]) => from === service || to === service,
  )
  if (flows.length === 0) return undefined
  const schemas: JsonObject = {}
  const described = Object.fromEntries(flows.map(([type, flow]) => [type, messageOf(type, flow, schemas)]))
  return {
    asyncapi: '3.0.0',
    id: `urn:bazaar:${service}`,
    info: {
      title: `Messages of the ${service} service`,
      version: '0.1.0',
      description:
        'CloudEvents 1.0 in JSON (structured mode) on the topic exchange `bazaar` of RabbitMQ. Each may arrive twice, late or out of order; `id` tells which are the same. Within a version only optional fields are added. Lengths of text are counted in UTF-16 units: most characters are one, an emoji is two or more.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: { broker: BROKER },
    channels: Object.fromEntries(flows.map(([type]) => [type, channelOf(type)])),
    operations: Object.fromEntries(flows.map(([type, flow]) => operationOf(service, type, flow))),
    components: { messages: described, schemas },
  }
}

function channelOf(type: string): JsonObject {
  return {
    address: type,
    messages: { event: { $ref: `#/components/messages/${type}` } },
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: 'bazaar', type: 'topic', durable: true, autoDelete: false },
        bindingVersion: BINDING_VERSION,
      },
    },
  }
}

function operationOf(
  service: string,
  type: string,
  { from, to, queue, summary }: Flow,
): [string, JsonObject] {
  const action = from === service ? 'send' : 'receive'
  const operation = {
    action,
    summary,
    description: action === 'send' ? `To ${to}.` : `From ${from}, by the queue \`${queue}\`.`,
    channel: { $ref: `#/channels/${type}` },
    messages: [{ $ref: `#/channels/${type}/messages/event` }],
  }
  const amqp = { deliveryMode: PERSISTENT, mandatory: true, bindingVersion: BINDING_VERSION }
  return [`${action}-${type}`, action === 'send' ? { ...operation, bindings: { amqp } } : operation]
}

/** The message with its example; its schemas are moved into `named`. */
function messageOf(type: string, { from, summary }: Flow, named: JsonObject): JsonObject {
  const schema: JsonObject = JSON.parse(
    JSON.stringify(Object.entries(messages).find(([name]) => name === type)?.[1]),
  )
  const payload = tidySchema(schema)
  const example = asObject(exampleOf(payload, false))
  return {
    name: type,
    title: type,
    summary,
    contentType: 'application/cloudevents+json',
    payload: nameParts(payload, named),
    examples: [{ name: 'usual', summary, payload: { ...example, source: `/bazaar/${from}` } }],
  }
}
