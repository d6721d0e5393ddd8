import { expect, test } from 'bun:test'
import process from 'node:process'
import { startOf } from './process-table.ts'
import { orphansOf, watchServices } from './service-watch.ts'

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

test('orphansOf() finds those that run, and takes no other process for them', async () => {
  const startedAt = (await startOf(process.pid)) ?? ''
  const itself = { name: 'itself', pid: process.pid, startedAt }
  const earlier = { name: 'earlier', pid: process.pid, startedAt: 'long ago' }
  expect(await orphansOf([itself, earlier])).toEqual([`itself is still running as process ${process.pid}.`])
})
