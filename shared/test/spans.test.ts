import { afterEach, describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { endWithUs } from '../testing/child.ts'
import { type Collector, startCollector } from '../testing/collector.ts'
import { until } from '../testing/until.ts'

const pathOf = (file: string) => JSON.stringify(fileURLToPath(new URL(`../${file}`, import.meta.url)))

const collectors: Collector[] = []
afterEach(async () => {
  await Promise.all(collectors.splice(0).map((collector) => collector.close()))
})
async function newCollector(options: Parameters<typeof startCollector>[0] = {}): Promise<Collector> {
  const collector = await startCollector(options)
  collectors.push(collector)
  return collector
}

/** Runs a service of which only the beginning is real: `work` is what it does once it has started. */
function runService(work: string, environment: Record<string, string> = {}) {
  const program = `
    import { run } from ${pathOf('process/lifecycle.ts')}
    import { asWork, inSpan, spanTraceparent } from ${pathOf('telemetry/spans.ts')}
    await run('shop', () => ({ logLevel: 'info', stopDelayMs: 0 }), async () => {
      setInterval(() => undefined, 60_000)
      ${work}
    })`
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  })
  endWithUs(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  const ended = once(child, 'close').then(([status]) => ({ status, output }))
  return {
    said: (text: string) => until(`it says ${text}`, () => output.includes(text)),
    async stopped() {
      child.kill('SIGTERM')
      return await ended
    },
    ended,
  }
}

const sendingTo = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '10' })
const MANY =
  "for (let number = 0; number < 5_000; number++) await asWork('one of many', async () => undefined)"
const WORK = "await asWork('tidy up', async () => undefined)"

describe('a service', () => {
  test('sends what it did under its name, to the collector that the environment names', async () => {
    const collector = await newCollector()
    const service = runService(WORK, sendingTo(collector.url))
    await until('the span has arrived', () => collector.spans().length > 0)
    expect(collector.spans()).toMatchObject([{ service: 'shop', name: 'tidy up', kind: 1, failed: false }])
    expect((await service.stopped()).status).toBe(0)
  })

  test('sends the last of it when it is stopped', async () => {
    const collector = await newCollector()
    const service = runService(WORK, { ...sendingTo(collector.url), OTEL_BSP_SCHEDULE_DELAY: '999999' })
    await service.said('"msg":"started"')
    expect(collector.spans()).toEqual([])
    await service.stopped()
    expect(collector.spans().map(({ name }) => name)).toEqual(['tidy up'])
  })

  test.each([[{}], [{ OTEL_SDK_DISABLED: 'true' }], [{ OTEL_TRACES_EXPORTER: 'none' }]])(
    'loads nothing of OpenTelemetry without a collector, or when told so by %p',
    async (environment) => {
      const endpoint = Object.keys(environment).length > 0 ? sendingTo('http://127.0.0.1:1') : {}
      // prom-client brings the API, which is small and does nothing by itself.
      const loaded = 'Object.keys(require.cache).filter((file) => /@opentelemetry.(?!api)/.test(file))'
      const print = `console.log('loaded', JSON.stringify(${loaded}), String(spanTraceparent()))`
      const service = runService(`${WORK}; ${print}`, { ...endpoint, ...environment })
      await service.said('"msg":"started"')
      expect((await service.stopped()).output).toContain('loaded [] undefined')
      const on = runService(print, sendingTo('http://127.0.0.1:1'))
      await on.said('"msg":"started"')
      expect((await on.stopped()).output).toContain('opentelemetry/sdk-trace')
    },
  )

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '17'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '-7'],
  ])('does not start when %s is malformed, and does not say it back', async (name, value) => {
    const { status, output } = await runService(WORK, { [name]: value }).ended
    expect(status).toBe(78)
    expect(output).toContain(`${name} is malformed`)
    expect(output).not.toContain(value)
  })
})

describe('a collector that', () => {
  test('is away costs spans and nothing else, and is found again', async () => {
    const gone = await newCollector()
    const port = Number(new URL(gone.url).port)
    await gone.close()
    collectors.length = 0
    const work = `${WORK}; console.log('goes on'); setInterval(() => { ${WORK.replace('await', 'void')} }, 20)`
    const service = runService(work, { ...sendingTo(gone.url), OTEL_EXPORTER_OTLP_TIMEOUT: '200' })
    await service.said('goes on')
    await service.said('sending of spans does not work')
    const back = await newCollector({ port })
    await until('spans arrive again', () => back.spans().length > 0)
    const { status, output } = await service.stopped()
    expect(status).toBe(0)
    expect(output).toContain('sending of spans works again')
  })

  test('does not answer holds up neither the work nor the end, and no more spans wait than may', async () => {
    const { promise: never } = Promise.withResolvers<void>()
    const collector = await newCollector({ answersAfter: never })
    const service = runService(`${MANY}; console.log('did', 'it')`, sendingTo(collector.url))
    await service.said('did it')
    expect((await service.stopped()).status).toBe(0)
  })

  test('answers late gets no more than could wait', async () => {
    const { promise: answersAfter, resolve: answer } = Promise.withResolvers<void>()
    const collector = await newCollector({ answersAfter })
    const environment = { ...sendingTo(collector.url), OTEL_BSP_MAX_QUEUE_SIZE: '100' }
    const service = runService(`${MANY}; console.log('did', 'it')`, environment)
    await service.said('did it')
    answer()
    await service.stopped()
    // A sending that was under way, and what waited.
    expect(collector.spans().length).toBeLessThanOrEqual(200)
    expect(collector.spans().length).toBeGreaterThan(0)
  })
})

describe('what is recorded', () => {
  const CAUSE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'
  const caused = (flags: string) =>
    `await inSpan(() => ({ name: 'asked', kind: 'server', cause: '${CAUSE}-${flags}' }), async () => console.log(spanTraceparent()))`

  test('continues the trace of the caller', async () => {
    const collector = await newCollector()
    const service = runService(caused('01'), sendingTo(collector.url))
    await until('the span has arrived', () => collector.spans().length > 0)
    expect(collector.spans()).toMatchObject([
      { traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331', kind: 2 },
    ])
    const { output } = await service.stopped()
    expect(output).toContain(`00-0af7651916cd43dd8448eb211c80319c-${collector.spans()[0]?.spanId}-01`)
  })

  test.each([
    ['nothing that the caller does not record', {}, '00', []],
    ['what the caller does not record, if asked to', { OTEL_TRACES_SAMPLER: 'always_on' }, '00', ['asked']],
    ['nothing, if asked to', { OTEL_TRACES_SAMPLER: 'always_off' }, '01', []],
    ['no share', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, '01', []],
  ])('is %s', async (_, environment, flags, names) => {
    const collector = await newCollector()
    const service = runService(caused(flags), { ...sendingTo(collector.url), ...environment })
    await service.said(CAUSE.slice(3, 35))
    const { output } = await service.stopped()
    expect(collector.spans().map(({ name }) => name)).toEqual(names)
    expect(output).toContain(names.length > 0 ? '-01' : '-00')
  })
})
