import { connect, type Socket } from 'node:net'
import { type ServiceName, urlOf } from '../system/stack.ts'

/** What a service sent back over a bare connection, until it closed it or said no more. */
export type RawAnswer = { statuses: number[]; text: string; wasClosed: boolean }

/** An answer that does not come for so long, even on a busy machine, does not come. */
const SILENCE_MS = 5_000

/** Opens a connection to a service, as bytes. */
export function openSocket(service: ServiceName): Socket {
  const { hostname, port } = new URL(urlOf(service))
  // Whoever waits for an end hears of errors as one.
  return connect({ host: hostname, port: Number(port) }).on('error', () => undefined)
}

/** Sends bytes as they are, and collects as many answers as are wanted, or what comes before an end. */
export async function sendRaw(
  service: ServiceName,
  bytes: string | Uint8Array,
  options: { answers?: number; silenceMs?: number } = {},
): Promise<RawAnswer> {
  const { answers = 1, silenceMs = SILENCE_MS } = options
  const socket = openSocket(service)
  let text = ''
  const wasClosed = await new Promise<boolean>((resolve) => {
    socket.setTimeout(silenceMs, () => resolve(false))
    socket.once('close', () => resolve(true))
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (statusesIn(text).length >= answers && isWhole(text)) resolve(false)
    })
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  })
  socket.destroy()
  return { statuses: statusesIn(text), text, wasClosed }
}

/** A request as it goes over the wire; the headers as they are given. */
export function wire(line: string, headers: readonly string[], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: localhost', ...headers, '', body].join('\r\n')
}

function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status))
}

/** Whether the last answer has the length that it says it has. */
function isWhole(text: string): boolean {
  const last = text.slice(text.lastIndexOf('HTTP/1.'))
  const [head = '', ...rest] = last.split('\r\n\r\n')
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return rest.join('\r\n\r\n').length >= length
}
