import { describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { send } from '../system/ask.ts'
import { urlOf } from '../system/stack.ts'
import { openSocket, wire } from './raw.ts'

/*
 * Clients that hold a connection without making use of it. Each is cut off, by its service or by whoever reads the
 * bytes for it, and nobody else notices.
 */

const DRIP_MS = 500
/** Much more than any of the limits; what is still open then stays open for ever. */
const CUT_WITHIN_MS = 90_000
const IDLE = 200

const body = (length: number) => [`Content-Type: application/json`, `Content-Length: ${length}`]

const habits: [string, string, string | undefined][] = [
  ['says nothing', '', undefined],
  ['stops in the middle of its headers', 'GET /home HTTP/1.1\r\nHost: local', undefined],
  ['stops after its headers', wire('POST /sessions', body(1_000)), undefined],
  ['sends its headers byte by byte', 'GET /home HTTP/1.1\r\nX-Long: ', 'a'],
  ['sends its body byte by byte', wire('POST /sessions', body(60_000), '{'), ' '],
]

describe('S57 B24 slow clients', () => {
  test('are cut off, and others are served meanwhile', async () => {
    const slow = habits.map(([what, first, drip]) => ({ what, ...dripping(first, drip) }))
    const idle = Array.from({ length: IDLE }, () => openSocket('user'))
    const startedAt = Date.now()
    while (slow.some(({ socket }) => !socket.destroyed) && Date.now() - startedAt < CUT_WITHIN_MS) {
      expect((await send(`${urlOf('user')}/health/live`, {})).status).toBe(200)
      await Promise.race([...slow.filter(({ socket }) => !socket.destroyed).map(({ cut }) => cut), pause()])
    }
    const open = slow.filter(({ socket }) => !socket.destroyed).map(({ what }) => what)
    for (const socket of [...slow.map((one) => one.socket), ...idle]) socket.destroy()
    expect(open).toEqual([])
  })
})

/** A connection that sends something first, and then a little again and again. */
function dripping(first: string, drip: string | undefined): { socket: Socket; cut: Promise<unknown> } {
  const socket = openSocket('user')
  if (first !== '') socket.write(first)
  socket.resume()
  const timer = drip === undefined ? undefined : setInterval(() => socket.write(drip), DRIP_MS)
  const cut = once(socket, 'close').finally(() => clearInterval(timer))
  return { socket, cut }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_000))
}
