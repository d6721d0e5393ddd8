import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { startOf } from './process-table.ts'
import { orphansOf, warningsIn, watchServices } from './service-watch.ts'

test('watchServices() minds a service that ended unasked or badly, and a store that ended unasked', () => {
  const watch = watchServices()
  watch.onEvent({ kind: 'stopped', name: 'iam', exit: 'exit status 0' })
  watch.onEvent({ kind: 'stopped', name: 'rabbitmq', exit: 'ended by signal 15' })
  watch.onEvent({ kind: 'back', name: 'iam', afterMs: 1 })
  expect(watch.faults).toEqual([])

  watch.onEvent({ kind: 'stopped', name: 'user', exit: 'exit status 1' })
  watch.onEvent({ kind: 'ended', name: 'order', exit: 'ended by signal 11', restartInMs: 500 })
  watch.onEvent({ kind: 'ended', name: 'database', exit: 'exit status 0', restartInMs: 500 })
  expect(watch.faults.map((fault) => fault.split(' ')[0])).toEqual(['user', 'order', 'database'])
})

test('warningsIn() finds what runtimes warn of in the logs of services, and nothing that was logged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-logs-'))
  const program = `
    console.log(JSON.stringify({ level: 'warn', msg: '(node:1) Warning: of our own' }))
    for (const time of [1, 2]) setTimeout(() => undefined, -5)
    const emitter = new (require('node:events').EventEmitter)()
    for (let listener = 0; listener < 11; listener++) emitter.on('x', () => undefined)
    process.emitWarning('gone soon', 'DeprecationWarning', 'DEP0999')`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
  await Promise.all([
    writeFile(join(folder, 'iam.log'), stdout),
    writeFile(join(folder, 'order.log.1'), stdout + stderr),
    writeFile(join(folder, 'database.log'), stderr),
  ])
  expect((await warningsIn(folder)).toSorted()).toEqual([
    'order.log.1: DeprecationWarning: gone soon',
    expect.stringContaining('order.log.1: MaxListenersExceededWarning: '),
    'order.log.1: TimeoutNegativeWarning: -5 is a negative number.',
  ])
  await rm(folder, { recursive: true })
})

test('orphansOf() finds those that run, and takes no other process for them', async () => {
  const startedAt = (await startOf(process.pid)) ?? ''
  const itself = { name: 'itself', pid: process.pid, startedAt }
  const earlier = { name: 'earlier', pid: process.pid, startedAt: 'long ago' }
  expect(await orphansOf([itself, earlier])).toEqual([`itself is still running as process ${process.pid}.`])
})
