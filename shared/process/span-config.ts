import { t } from 'elysia'
import type { SpanSettings } from '../telemetry/opentelemetry.ts'
import { readVariables, wholeNumber } from './config.ts'

const endpoint = t.Optional(
  t.String({
    pattern: '^https?://.+$',
    description: 'the address of a collector of OpenTelemetry, such as http://127.0.0.1:4318',
  }),
)
const protocol = t.Optional(t.String({ pattern: '^http/json$', description: 'http/json' }))

/** The variables of OpenTelemetry that are known here; the exporter reads some more (headers, time limit, compression). */
const variables = t.Object({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_SDK_DISABLED: t.Optional(t.Union([t.Literal('true'), t.Literal('false')])),
  OTEL_TRACES_EXPORTER: t.Optional(t.Union([t.Literal('otlp'), t.Literal('none')])),
  OTEL_SERVICE_NAME: t.Optional(
    t.String({ minLength: 1, description: 'the name of this service in traces' }),
  ),
  OTEL_TRACES_SAMPLER: t.Optional(
    t.Union([
      t.Literal('always_on'),
      t.Literal('always_off'),
      t.Literal('traceidratio'),
      t.Literal('parentbased_always_on'),
      t.Literal('parentbased_always_off'),
      t.Literal('parentbased_traceidratio'),
    ]),
  ),
  OTEL_TRACES_SAMPLER_ARG: t.Optional(
    t.String({ pattern: '^(0(\\.[0-9]+)?|1(\\.0+)?)$', description: 'the share of traces, from 0 to 1' }),
  ),
  OTEL_BSP_SCHEDULE_DELAY: t.Optional(
    wholeNumber('the milliseconds between two sendings; the default is 5000'),
  ),
  OTEL_BSP_MAX_QUEUE_SIZE: t.Optional(
    t.String({
      pattern: '^[1-9][0-9]{0,8}$',
      description: 'the spans that may wait to be sent; the default is 2048',
    }),
  ),
})

/**
 * How a service shows its work as spans, from the standard variables of OpenTelemetry; undefined when it does not,
 * because no collector is named.
 *
 * @throws {ConfigurationError} naming everything that is malformed.
 */
export function readSpanConfig(
  service: string,
  environment: Record<string, string | undefined>,
): SpanSettings | undefined {
  const given = readVariables(variables, environment)
  const isNamed = given.OTEL_EXPORTER_OTLP_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  if (!isNamed || given.OTEL_SDK_DISABLED === 'true' || given.OTEL_TRACES_EXPORTER === 'none')
    return undefined
  return {
    serviceName: given.OTEL_SERVICE_NAME ?? service,
    sampler: given.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on',
    ratio: Number(given.OTEL_TRACES_SAMPLER_ARG ?? 1),
    queueMax: Number(given.OTEL_BSP_MAX_QUEUE_SIZE ?? 2_048),
    sendEveryMs: Number(given.OTEL_BSP_SCHEDULE_DELAY ?? 5_000),
  }
}
