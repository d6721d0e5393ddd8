import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Provider } from '../providers/provider.ts'
import type { Answered, Asked, Plant } from './plant.ts'

/** The state that plants the change with this number, for one interaction. */
export const PLANTED = 'a change is planted'

/** A provider behind a gate that changes what comes in and what goes out. */
export type PlantingProvider = Provider & {
  /** The numbers of the plants that had something to change. */
  touched: Set<number>
}

/** Puts a gate before a provider: it is the real one but for one change at a time. */
export async function plantInto(provider: Provider, plants: readonly Plant[]): Promise<PlantingProvider> {
  let planted: number | undefined
  const touched = new Set<number>()

  /** Applies a change, and notes whether it was one. */
  function changed<T>(before: T, change: ((before: T) => T) | undefined): T {
    if (!change || planted === undefined) return before
    const after = change(before)
    // As text: the order of fields is a change, too, if a harmless one.
    if (JSON.stringify(before) !== JSON.stringify(after)) touched.add(planted)
    return after
  }

  const gate = createServer(async (incoming, outgoing) => {
    const plant = planted === undefined ? undefined : plants[planted]
    const received = await askedBy(incoming)
    if (plant?.route === received.path) {
      if (planted !== undefined) touched.add(planted)
      outgoing.writeHead(204).end()
      return
    }
    const asked = changed(received, plant?.request)
    const real = await forward(provider.url, asked)
    const { status, headers, body } = changed(
      real,
      plant?.answer && ((one) => plant.answer?.(one, asked) ?? one),
    )
    outgoing.writeHead(status, headers)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(gate, 'listening')
  const address = gate.address()
  if (address === null || typeof address === 'string') throw new Error('the gate has no port')

  const url = `http://127.0.0.1:${address.port}`

  return {
    ...provider,
    url,
    touched,
    states: {
      ...provider.states,
      [PLANTED]: {
        setup: async ({ number }: { number: number }) => {
          planted = number
          const route = plants[number]?.route
          if (route) await fetch(`${url}${route}`)
        },
        teardown: async () => {
          planted = undefined
        },
      },
    },
    messages: Object.fromEntries(
      Object.entries(provider.messages).map(([type, send]) => [
        type,
        async () => {
          const plant = planted === undefined ? undefined : plants[planted]
          return changed(await send(), plant?.message)
        },
      ]),
    ),
    close: async () => {
      gate.closeAllConnections()
      gate.close()
      await provider.close()
    },
  }
}

async function askedBy(incoming: IncomingMessage): Promise<Asked> {
  const content = await text(incoming)
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: Object.fromEntries(headers),
    body: content === '' ? undefined : JSON.parse(content),
  }
}

async function forward(url: string, { method, path, headers, body }: Asked): Promise<Answered> {
  const { host: _1, connection: _2, 'content-length': _3, 'transfer-encoding': _4, ...own } = headers
  const response = await fetch(`${url}${path}`, {
    method,
    headers: own,
    body: body === undefined ? null : JSON.stringify(body),
    redirect: 'manual',
  })
  const content = await response.text()
  const answered = Object.fromEntries(response.headers)
  const { 'content-length': _5, 'transfer-encoding': _6, connection: _7, ...kept } = answered
  return { status: response.status, headers: kept, body: content === '' ? undefined : JSON.parse(content) }
}
