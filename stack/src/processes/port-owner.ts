import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import process from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const LISTENING = '0A'

/** The process listening on the port, such as `node (process 4711)`, or undefined when this user may not know. */
export async function portOwner(port: number): Promise<string | undefined> {
  try {
    return process.platform === 'linux' ? await ownerFromProc(port) : await ownerFromLsof(port)
  } catch {
    // This only makes the error message poorer: other users' processes may not be inspected.
    return undefined
  }
}

async function ownerFromProc(port: number): Promise<string | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8')))
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table, port)))
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await holdsSocket(pid, sockets)) {
      return `${(await readFile(`/proc/${pid}/comm`, 'utf8')).trim()} (process ${pid})`
    }
  }
  return undefined
}

/** The inodes of the sockets that listen on the port, from the text of `/proc/net/tcp`. */
export function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === LISTENING)
    .flatMap((fields) => fields[9] ?? [])
}

async function holdsSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  const descriptors = await readdir(folder).catch(() => [])
  for (const descriptor of descriptors) {
    const target = await readlink(`${folder}/${descriptor}`).catch(() => '')
    const socket = target.match(/^socket:\[(\d+)\]$/)?.[1]
    if (socket !== undefined && sockets.has(socket)) return true
  }
  return false
}

async function ownerFromLsof(port: number): Promise<string | undefined> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const pid = stdout.match(/^p(\d+)$/m)?.[1]
  const command = stdout.match(/^c(.+)$/m)?.[1]
  return pid && command ? `${command} (process ${pid})` : undefined
}
