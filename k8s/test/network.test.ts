import { expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { readlink } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { ensureInstalled, output } from '@bazaar/docker/command'
import { until } from '@bazaar/shared/testing/until'
import type { Network } from '../two-nodes/network.ts'

test('nodes and the network between them are gone when the process that made them is killed', async () => {
  await ensureInstalled({ ip: 'iproute2' })
  const program = `
    import { createNetwork } from '${new URL('../two-nodes/network.ts', import.meta.url)}'
    console.log(JSON.stringify(await createNetwork()))
    setInterval(() => undefined, 1_000)
  `
  const maker = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { nodes } = await made(maker.stdout)
  const ours = await readlink('/proc/self/ns/net')
  for (const { pid, cable } of nodes) {
    expect(await readlink(`/proc/${pid}/ns/net`)).not.toBe(ours)
    expect(await links()).toContain(cable)
  }

  maker.kill('SIGKILL')

  const bridge = nodes[0].cable.slice(0, -1)
  await until('the links are gone', async () => !(await links()).includes(bridge))
  for (const { pid } of nodes)
    await until('the namespace is gone', () =>
      readlink(`/proc/${pid}/ns/net`).then(
        () => false,
        () => true,
      ),
    )
}, 120_000)

async function made(written: NodeJS.ReadableStream): Promise<Network> {
  for await (const line of createInterface({ input: written })) return JSON.parse(line)
  throw new Error('there is no network')
}

async function links(): Promise<string> {
  return await output(['ip', '-brief', 'link'])
}
