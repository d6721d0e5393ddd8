import { leavesOf } from '../consumers/needed.ts'
import type { SentMessage } from '../providers/provider.ts'
import type { Interaction } from '../verify/pact-file.ts'
import { changeAt, fieldBreaks, type Plant, reordered, withUnknownFields } from './plant.ts'

/** All changes of a sender that are planted for a message. */
export function messagePlants({ contents }: Interaction): Plant[] {
  const fields = leavesOf(contents?.content, []).flatMap((path) =>
    fieldBreaks.map(
      ({ word, change }): Plant => ({
        name: `${word} $.${path.join('.')} of the message`,
        kind: 'break',
        message: (sent) => ({ ...sent, content: changeAt(sent.content, path, change) }),
      }),
    ),
  )
  return [...fields, ...envelopeBreaks, ...harmless]
}

const withMetadata =
  (metadata: (now: SentMessage['metadata']) => Partial<SentMessage['metadata']>) => (sent: SentMessage) => ({
    ...sent,
    metadata: { ...sent.metadata, ...metadata(sent.metadata) },
  })
const withAttribute = (name: string, value: string) => (sent: SentMessage) => ({
  ...sent,
  content: { ...Object(sent.content), [name]: value },
})

const envelopeBreaks: Plant[] = [
  {
    name: 'change the routing key',
    kind: 'break',
    message: withMetadata(({ routingKey }) => ({ routingKey: routingKey.replace('.v1', '.v2') })),
  },
  {
    name: 'leave the property messageId out',
    kind: 'break',
    message: withMetadata(() => ({ messageId: '' })),
  },
  { name: 'change the type of the event', kind: 'break', message: withAttribute('type', 'order.renamed.v1') },
  { name: 'use CloudEvents 0.3', kind: 'break', message: withAttribute('specversion', '0.3') },
  { name: 'send XML', kind: 'break', message: withAttribute('datacontenttype', 'application/xml') },
  { name: 'name the source by its host', kind: 'break', message: withAttribute('source', 'https://order') },
  { name: 'write the time as a number', kind: 'break', message: withAttribute('time', '1767225600') },
]

const harmless: Plant[] = [
  {
    name: 'add optional fields to every object of the message',
    kind: 'harmless',
    message: (sent) => ({ ...sent, content: withUnknownFields(sent.content) }),
  },
  {
    name: 'write the fields of the message in another order',
    kind: 'harmless',
    message: (sent) => ({ ...sent, content: reordered(sent.content) }),
  },
  {
    name: 'add an extension attribute of CloudEvents',
    kind: 'harmless',
    message: withAttribute('dataschema', '/asyncapi.json'),
  },
  {
    name: 'set one more property of AMQP',
    kind: 'harmless',
    message: (sent) => ({ ...sent, metadata: { ...sent.metadata, appId: 'bazaar' } }),
  },
]
