import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** A span as a collector receives it, with the service that it is of. */
export type ReceivedSpan = {
  service: string
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  name: string
  /** The number that OTLP has for it: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  startedAtNanos: bigint
  endedAtNanos: bigint
  attributes: Record<string, string | number>
  /** Whether the work failed. */
  failed: boolean
}

/** A receiver of OTLP over HTTP in JSON, as a collector of OpenTelemetry has one. */
export type Collector = { url: string; spans: () => ReceivedSpan[]; close: () => Promise<void> }

/**
 * Receives spans, on a free port. They are kept in memory; or in `file`, as they were sent, one sending a line. What is no
 * sending of spans is refused, so that nothing of it arrives here. `answersAfter` makes it slow.
 */
export async function startCollector(
  options: { file?: string; port?: number; answersAfter?: Promise<void> } = {},
): Promise<Collector> {
  const spans: ReceivedSpan[] = []
  const server = createServer(async (request, response) => {
    const sent = await text(request)
    const isTraces = request.method === 'POST' && request.url === '/v1/traces'
    if (!isTraces || request.headers['content-type'] !== 'application/json') {
      response.writeHead(400).end()
      return
    }
    await options.answersAfter
    if (options.file) appendFileSync(options.file, `${sent}\n`)
    else spans.push(...spansIn(sent))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the collector has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans: () => spans,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Value = { stringValue?: string; intValue?: string | number; doubleValue?: number }
type Attribute = { key: string; value: Value }
type Sent = {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: {
      spans: {
        traceId: string
        spanId: string
        parentSpanId?: string
        name: string
        kind: number
        startTimeUnixNano: string
        endTimeUnixNano: string
        attributes?: Attribute[]
        status?: { code?: number }
      }[]
    }[]
  }[]
}

/** The spans of one sending: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export function spansIn(sent: string): ReceivedSpan[] {
  // If it has another shape, reading it fails here.
  const { resourceSpans } = JSON.parse(sent) as Sent
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ startTimeUnixNano, endTimeUnixNano, attributes, status, parentSpanId, ...span }) => ({
        ...span,
        service: String(valuesOf(resource.attributes)['service.name']),
        parentSpanId: parentSpanId || undefined,
        startedAtNanos: BigInt(startTimeUnixNano),
        endedAtNanos: BigInt(endTimeUnixNano),
        attributes: valuesOf(attributes ?? []),
        failed: status?.code === 2,
      })),
    ),
  )
}

function valuesOf(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  )
}
