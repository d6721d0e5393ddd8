import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { errorTypeOf } from './error-type.ts'
import type { Log } from './log.ts'
import { createOutageLog } from './outage-log.ts'
import { type SamplerSettings, samplerOf } from './sampler.ts'
import { type SpanDescription, type Spans, useSpans } from './spans.ts'
import { partsOf } from './traceparent.ts'

/*
 * The only file that loads OpenTelemetry, and it is itself loaded only when there is a collector. Where spans are sent
 * is read by the exporter, from the standard variables.
 */

/** Spans of one service. */
export type SpanSettings = SamplerSettings & {
  serviceName: string
  /** Spans that wait to be sent; what comes while there are so many is dropped. */
  queueMax: number
  /** The pause between two sendings. */
  sendEveryMs: number
}

/** How long a stopping service waits for a collector. */
const LAST_SENDING_MS = 2_000

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const satisfies Record<SpanDescription['kind'], SpanKind>

/**
 * Sends spans to a collector from now on. They are sent in the background, from a queue that is bounded, so a collector
 * that is slow or away costs spans and nothing else. Returns how to send the last ones, which takes two seconds at most.
 */
export function startOpenTelemetry(settings: SpanSettings, log: Log): () => Promise<void> {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.namespace': 'bazaar' }))
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, resourceAttributesEnvDetector] }))
    .merge(resourceFromAttributes({ 'service.name': settings.serviceName }))
  const processor = new BatchSpanProcessor({
    exporter: reporting(new OTLPTraceExporter(), log),
    maxQueueSize: settings.queueMax,
    scheduledDelayMillis: settings.sendEveryMs,
  })
  const provider = new TracerProvider({ resource, sampler: samplerOf(settings), spanProcessors: [processor] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager())
  useSpans(spansOf(provider))
  return async () => {
    useSpans(undefined)
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_SENDING_MS)
    })
    await Promise.race([provider.shutdown(), tooLate])
    clearTimeout(timer)
  }
}

function spansOf(provider: TracerProvider): Spans {
  const tracer = provider.getTracer('bazaar')
  return {
    run(description, work) {
      const { name, kind, attributes = {}, cause } = description
      const around = cause === undefined ? context.active() : causedBy(cause)
      if (cause === undefined && !trace.getSpan(around)) return work()
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes }, around)
      return context.with(trace.setSpan(around, span), () =>
        span.isRecording() ? ended(span, work) : work(),
      )
    },
    note(attributes, name) {
      const span = trace.getActiveSpan()
      span?.setAttributes(attributes)
      if (name) span?.updateName(name)
      if ('error.type' in attributes) span?.setStatus({ code: SpanStatusCode.ERROR })
    },
    traceparent() {
      const here = trace.getActiveSpan()?.spanContext()
      return here && `00-${here.traceId}-${here.spanId}-0${here.traceFlags & 1}`
    },
  }
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    span.setAttribute('error.type', errorTypeOf(error))
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}

function causedBy(traceparent: string | null): Context {
  const parts = partsOf(traceparent)
  return parts ? trace.setSpanContext(ROOT_CONTEXT, { ...parts, isRemote: true }) : ROOT_CONTEXT
}

/** The exporter, whose failures are logged. */
function reporting(exporter: SpanExporter, log: Log): SpanExporter {
  const outage = createOutageLog(log, 'sending of spans')
  return {
    export: (batch, done) =>
      exporter.export(batch, (result) => {
        if (result.error) outage.failed(result.error)
        else outage.worked()
        done(result)
      }),
    forceFlush: async () => await exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}
