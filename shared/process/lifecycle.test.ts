import { describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { endWithUs } from '../testing/child.ts'
import { testLog } from '../testing/test-log.ts'
import { until } from '../testing/until.ts'
import type { Health } from './health.ts'
import { eventually } from './lifecycle.ts'

const pathOf = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)))

/** Runs a service of two parts as a process; `start` is its last step, `config` what it reads. */
function runService({ start = '', config = "return { logLevel: 'info', stopDelayMs: 0 }" }) {
  const program = `
    import { run } from ${pathOf('lifecycle.ts')}
    import { ConfigurationError } from ${pathOf('config.ts')}
    await run('test', () => { ${config} }, async (config, life) => {
      setInterval(() => undefined, 60_000)
      life.atStop('first', () => console.log('first stopped'))
      life.atStop('second', () => console.log('second stopped, draining:', life.health.draining))
      ${start}
    })`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] })
  endWithUs(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  return {
    started: () => until('it has started', () => output.includes('"msg":"started"')),
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    said: (text: string) => until(`it says ${text}`, () => output.includes(text)),
    ended: once(child, 'close').then(([status]) => ({ status, output })),
  }
}

describe('run()', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s stops the parts in reverse, and exits with 0',
    async (name) => {
      const service = runService({})
      await service.started()
      service.signal(name)
      const { status, output } = await service.ended
      expect(status).toBe(0)
      expect(output).toMatch(/"stopping".*second stopped, draining: true.*first stopped.*"stopped"/s)
    },
  )

  test('goes on stopping when it is told again', async () => {
    const service = runService({
      start: `life.atStop('slow', () => new Promise((resolve) => {
        process.once('SIGUSR2', resolve)
      }))
      let times = 0
      for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => console.log('told', ++times))`,
    })
    await service.started()
    for (const [index, signal] of (['SIGTERM', 'SIGTERM', 'SIGINT'] as const).entries()) {
      service.signal(signal)
      await service.said(`told ${index + 1}`)
    }
    service.signal('SIGUSR2')
    const { status, output } = await service.ended
    expect(status).toBe(0)
    expect(output.match(/\w+ stopped/g)).toEqual(['second stopped', 'first stopped'])
  })

  test('stops the other parts when one cannot', async () => {
    const service = runService({ start: "life.atStop('broken', () => { throw new Error('stuck') })" })
    await service.started()
    service.signal('SIGTERM')
    const { status, output } = await service.ended
    expect(status).toBe(0)
    expect(output).toMatch(/"part":"broken".*second stopped.*first stopped/s)
  })

  test('says what its configuration lacks, and starts nothing', async () => {
    const config = "throw new ConfigurationError('DATABASE_URL is missing')"
    const { status, output } = await runService({ config, start: "console.log('begun')" }).ended
    expect({ status, output }).toEqual({ status: 78, output: 'DATABASE_URL is missing\n' })
  })

  test.each([
    ['it cannot start', "throw new Error('no port')", 'cannot start'],
    [
      'something throws that nobody catches',
      "setTimeout(() => { throw new Error('lost') })",
      'uncaught exception',
    ],
  ])('exits with 1 when %s', async (_, start, message) => {
    const { status, output } = await runService({ start }).ended
    expect(status).toBe(1)
    expect(output).toContain(`"msg":"${message}"`)
  })

  test('outlives a promise that nobody looks after', async () => {
    const service = runService({ start: "void Promise.reject(new Error('forgotten'))" })
    await service.said('"msg":"unhandled rejection"')
    await service.started()
    service.signal('SIGTERM')
    expect((await service.ended).status).toBe(0)
  })
})

describe('eventually()', () => {
  function newLife() {
    const stops: (() => void)[] = []
    const health: Health = { checks: {}, background: {}, draining: false }
    const atStop = (_: string, stop: () => Promise<void> | void) => void stops.push(() => void stop())
    return { life: { log: testLog, health, atStop }, stops, ready: () => health.checks['queues']?.() }
  }

  test('tries until it succeeds, and is not ready before', async () => {
    const { life, ready } = newLife()
    let attempts = 0
    eventually(life, 'queues', async () => {
      expect(await ready()).toBe('not done yet')
      if (++attempts < 3) throw new Error('not up yet')
    })
    expect(await ready()).toBe('not done yet')
    await until('it is done', async () => (await ready()) === undefined)
    expect(attempts).toBe(3)
  })

  test.each(['between two attempts', 'during one'])(
    'tries no more after it was stopped %s',
    async (moment) => {
      const { life, stops } = newLife()
      const begun = Promise.withResolvers<void>()
      const failed = Promise.withResolvers<never>()
      let attempts = 0
      eventually(life, 'queues', () => {
        attempts++
        begun.resolve()
        return failed.promise
      })
      await begun.promise
      const stop = () => {
        for (const one of stops) one()
      }
      if (moment === 'during one') stop()
      failed.reject(new Error('not up yet'))
      await failed.promise.catch(() => undefined)
      if (moment === 'between two attempts') stop()

      // One that is not stopped is tried again meanwhile.
      const other = newLife()
      let others = 0
      eventually(other.life, 'queues', async () => {
        if (++others < 3) throw new Error('not up yet')
      })
      await until('the other is done', async () => (await other.ready()) === undefined)
      expect(attempts).toBe(1)
    },
  )
})
