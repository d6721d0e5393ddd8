import { expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { freePort } from '@bazaar/shared/testing/service'
import { listeningSockets } from './port-owner.ts'
import { isPortFree, portTaker } from './ports.ts'

test('isPortFree() tells a port that somebody listens on from one that nobody does', async () => {
  const port = await freePort()
  expect(await isPortFree(port)).toBe(true)
  const server = createServer().listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  expect(await isPortFree(port)).toBe(false)
  server.close()
})

test('portTaker() gives the wanted port once, then others', async () => {
  const [take, wanted] = [portTaker(), await freePort()]
  expect(await take(wanted)).toBe(wanted)
  const others = [await take(wanted), await take(), await take()]
  expect(new Set([wanted, ...others]).size).toBe(4)
})

test('listeningSockets() finds the inode of the socket that listens, not of connections', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31337 1 0 100 0 0 10 0
   1: 0100007F:0FA1 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 31338 1 0 20 4 30 10 -1
   2: 0100007F:1FA1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31339 1 0 100 0 0 10 0`
  expect(listeningSockets(table, 4001)).toEqual(['31337'])
})
