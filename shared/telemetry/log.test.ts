import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { DependencyUnavailable } from '../problem.ts'
import { describeError } from './describe-error.ts'
import { createLog, type Log } from './log.ts'
import { nextTraceparent, withTrace } from './trace.ts'

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const REQUEST_ID = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'

function logged(write: (log: ReturnType<typeof createLog>) => void): { text: string; line: object } {
  const lines: string[] = []
  write(createLog({ service: 'order', level: 'info' }, { write: (text) => void lines.push(text) }))
  const [text = '{}'] = lines
  return { text, line: JSON.parse(text) }
}

describe('a line of the log', () => {
  test('says when, what, in which service and for which request', () => {
    const { line } = logged((log) =>
      withTrace({ requestId: REQUEST_ID, traceparent: TRACEPARENT }, () => log.info({ lines: 2 }, 'placed')),
    )
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
      service: 'order',
      requestId: REQUEST_ID,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      lines: 2,
      msg: 'placed',
    })
  })

  test('hides what opens doors', () => {
    const secrets = { password: 'p-secret', token: 't-secret', apiKey: 'k-secret', session: 's-secret' }
    expect(logged((log) => log.info({ given: secrets }, 'x')).text).not.toContain('secret')
  })

  test('hides what opens doors, or names somebody, wherever it stands', () => {
    const canaries = [
      `bzk_dev_0123456789abcdef_${'Ab1-'.repeat(10)}xyz`,
      'Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCBrZXk',
      'amqp://order:rabbit-password@broker:5672/bazaar',
      'ada.lovelace+shop@mail.example.co.uk',
      '4111 1111 1111 1111',
      '5555-5555-5555-4444',
      '$2b$12$abcdefghijklmnopqrstuuMZ0DJVPMl5FmFWuFGQ3vYvxIuhYqZ8W',
    ]
    const { text } = logged((log) =>
      log.info({ text: canaries.join(' '), list: canaries }, canaries.join(', ')),
    )
    for (const canary of canaries) expect(text).not.toContain(canary)
    expect(text).not.toContain('rabbit-password')
  })

  test('keeps ids, trace ids, digests and amounts', () => {
    const kept = [
      REQUEST_ID,
      '4bf92f3577b34da6a3ce929d0e0e4736',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '1795639903000',
      '2026-01-31T09:30:00.000Z',
    ]
    const { text } = logged((log) => log.info({ kept }, 'x'))
    for (const one of kept) expect(text).toContain(one)
  })

  test('of an error given by itself, or under another name, holds no message of a driver', () => {
    const driver = () =>
      Object.assign(new Error('Failed query: params: canary'), { sql: 'canary', params: ['canary'] })
    for (const write of [
      (log: Log) => log.error(driver()),
      (log: Log) => log.error({ err: driver() }),
      (log: Log) => log.error({ reason: { deep: [driver()] } }, 'x'),
    ]) {
      expect(logged(write).text).not.toContain('canary')
    }
  })

  test.each([
    ['a line break', 'a\r\n{"level":"fatal","msg":"invented"}'],
    ['an escape of a terminal', '\u001b[2Jgone'],
    ['a C1 control', '\u009b2J'],
    ['a separator of lines', 'a\u2028b\u2029c'],
    ['the end of a string', '","level":"fatal","x":"'],
  ])('stays one line with %s in it', (_, text) => {
    const logs = logged((log) => log.info({ text }, text))
    expect(logs.text.trimEnd()).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
    expect(logs.line).toMatchObject({ level: 'info', text, msg: text })
  })

  test('S63 about an error of a database driver holds no statement and no parameter', () => {
    const driver = Object.assign(new Error("Duplicate entry 'ada@example.com'"), {
      code: 'ER_DUP_ENTRY',
      errno: 1062,
      sql: "insert into users values ('ada@example.com')",
      sqlMessage: "Duplicate entry 'ada@example.com'",
    })
    const query = Object.assign(new Error('Failed query: insert ... params: ada@example.com'), {
      query: 'insert',
    })
    query.cause = driver
    const { text, line } = logged((log) =>
      log.error({ error: new DependencyUnavailable('mysql', { cause: query }) }),
    )
    expect(text).not.toContain('ada@example.com')
    expect(line).toMatchObject({
      error: {
        kind: 'DependencyUnavailable',
        dependency: 'mysql',
        cause: { cause: { code: 'ER_DUP_ENTRY' } },
      },
    })
  })
})

describe('describeError()', () => {
  test('keeps where an error arose, without passwords in URLs', () => {
    const described = describeError(new Error('cannot reach mysql://order:hunter2@db:3306/order'))
    expect(described['message']).toBe('cannot reach mysql://[redacted]@db:3306/order')
    expect(described['stack']).toBeArray()
  })

  test('describes what is no error by its kind alone', () => {
    expect(describeError('a secret')).toEqual({ kind: 'string' })
  })

  test('comes to an end when errors cause each other', () => {
    const error = new Error('a')
    error.cause = error
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(10_000)
  })
})

describe('nextTraceparent()', () => {
  test('goes on with the trace that came in, as a span of its own', () => {
    const next = nextTraceparent(TRACEPARENT)
    expect(next).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/)
    expect(next).not.toBe(TRACEPARENT)
  })

  test.each([
    undefined,
    null,
    '',
    'x',
    TRACEPARENT.toUpperCase(),
    `${TRACEPARENT}-x`,
    `00-${'0'.repeat(32)}-1-01`,
  ])('begins a new trace for %p', (incoming) => {
    const next = nextTraceparent(incoming)
    expect(next).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(next).not.toContain('4bf92f3577b34da6a3ce929d0e0e4736')
  })
})

test('the log holds the last line of a process that exits, however busy that is', () => {
  const program = `
    import { scrypt } from 'node:crypto'
    import { createLog } from '${new URL('log.ts', import.meta.url)}'
    const log = createLog({ service: 'order', level: 'info' })
    for (let job = 0; job < 200; job++) scrypt('password', 'salt', 64, () => undefined)
    log.fatal('cannot start')
    process.exit(1)
  `
  const { stdout, status } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toMatchObject({ level: 'fatal', msg: 'cannot start' })
  expect(status).toBe(1)
})
