import { afterAll, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { stackPaths } from '../paths.ts'
import { brokerFolder, noteBrokerCameUp, prepareBroker } from './rabbitmq.ts'

const paths = stackPaths(`test-rabbitmq-${process.pid}`)
const folder = brokerFolder(paths)
const program = { server: '/usr/lib/rabbitmq/bin/rabbitmq-server', epmd: '/usr/bin/epmd' }
const access = { ports: { rabbitmq: 1, rabbitmqNode: 2, epmd: 3 }, passwords: {} }

afterAll(() => rm(paths.folder, { recursive: true, force: true }))

/** Whether the data of a node that left these feature flags is still there when the node is prepared again. */
async function keepsData(flags: string | undefined): Promise<boolean> {
  const data = join(folder, 'data')
  await mkdir(join(data, 'bazaar@localhost'), { recursive: true })
  if (flags !== undefined) await writeFile(join(data, 'bazaar@localhost-feature_flags'), flags)
  await prepareBroker(program, { paths, access })
  return existsSync(data)
}

test('a node that was killed during its first start begins anew, one that came up once keeps its data', async () => {
  expect(await keepsData(undefined)).toBe(false)
  expect(await keepsData('[].')).toBe(false)
  expect(await keepsData('[quorum_queue,stream_queue].')).toBe(true)
  await rm(join(folder, 'data'), { recursive: true })
  await noteBrokerCameUp(paths)
  expect(await keepsData(undefined)).toBe(true)
})
