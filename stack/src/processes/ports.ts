import { connect, createServer } from 'node:net'
import { codeOf, StackError } from '../stack-error.ts'

/*
 * Private servers take ports below the range that systems give to outgoing connections, so that a port that was free
 * yesterday is likely to be free today.
 */

const RANDOM_PORTS = { first: 20_000, count: 9_000 }
const RANDOM_ATTEMPTS_MAX = 200

/** Whether the port is free on this machine's own address. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port)) && !(await isAnswered(port))
}

/**
 * Hands out free ports, each only once: the wanted one when it is free, otherwise any.
 * @throws {StackError} when hardly any port is free.
 */
export function portTaker(): (wanted?: number) => Promise<number> {
  const taken = new Set<number>()
  return async (wanted) => {
    const port = await choosePort(wanted, taken)
    taken.add(port)
    return port
  }
}

async function choosePort(wanted: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (wanted !== undefined && !taken.has(wanted) && (await isPortFree(wanted))) return wanted
  for (let attempt = 0; attempt < RANDOM_ATTEMPTS_MAX; attempt++) {
    const port = RANDOM_PORTS.first + Math.floor(Math.random() * RANDOM_PORTS.count)
    if (!taken.has(port) && (await isPortFree(port))) return port
  }
  throw new StackError(
    `Cannot find a free port between ${RANDOM_PORTS.first} and ${RANDOM_PORTS.first + RANDOM_PORTS.count}.`,
  )
}

/** Whether something takes connections on the port. */
export function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 500 })
    const answer = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(true))
  })
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES') resolve(false)
      else reject(error)
    })
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
