import { expect, test } from 'bun:test'
import { createLog } from '../telemetry/log.ts'
import { testLog } from '../testing/test-log.ts'
import { startWorker } from './worker.ts'

const NEVER_MS = 2 ** 30

/** A worker that counts its rounds, and its `round`s as they come. */
function counting(options: { firstAfterMs?: number }) {
  const rounds: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()]
  let count = 0
  const worker = startWorker({
    name: 'test',
    log: testLog,
    everyMs: NEVER_MS,
    ...options,
    round: async () => {
      rounds[count++]?.resolve()
      return 'done'
    },
  })
  return { worker, count: () => count, round: (number: number) => rounds[number - 1]?.promise }
}

test('works at once, and again when it is woken', async () => {
  const { worker, round } = counting({})
  await round(1)
  worker.wake()
  await round(2)
  await worker.stop()
})

test('leaves its first round for later when told so, unless it is woken', async () => {
  const { worker, count, round } = counting({ firstAfterMs: NEVER_MS })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(count()).toBe(0)
  worker.wake()
  await round(1)
  await worker.stop()
  expect(count()).toBe(1)
})

test('stops before its first round', async () => {
  const { worker, count } = counting({ firstAfterMs: NEVER_MS })
  await worker.stop()
  expect(count()).toBe(0)
})

test('goes on after rounds that failed, and says so once', async () => {
  const lines: string[] = []
  const log = createLog({ service: 'test', level: 'info' }, { write: (text) => void lines.push(text) })
  const worked = Promise.withResolvers<void>()
  let failures = 0
  const worker = startWorker({
    name: 'tidier',
    log,
    everyMs: 1,
    round: async () => {
      if (++failures <= 3) throw new Error('not yet')
      worked.resolve()
      return 'done'
    },
  })
  await worked.promise
  await worker.stop()
  const messages = lines.map((line) => JSON.parse(line).msg)
  expect(messages).toEqual(['tidier does not work; it is tried again', 'tidier works again'])
})
