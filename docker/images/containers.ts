import { setTimeout as delay } from 'node:timers/promises'
import { attempt, output } from './command.ts'
import { type Engine, engineOutput } from './engine.ts'

const READY_WITHIN_MS = 60_000
const POLL_EVERY_MS = 20
/** Longer than a service takes to stop by itself. */
const STOP_SECONDS = 20

/** A service in a container. */
export type Container = {
  name: string
  url: string
  /** From the command to the first answer that it is ready. */
  readyMs: number
  /** Its process as the engine sees it. */
  pid: number
}

/** The settings under which Kubernetes runs the images, as options of an engine. */
export const HARDENED = [
  '--network=host',
  '--read-only',
  '--cap-drop=all',
  '--security-opt=no-new-privileges',
  '--no-healthcheck',
] as const

/** Runs the image of a service as Kubernetes would, and waits until it is ready. */
export async function startContainer(
  engine: Engine,
  options: { name: string; image: string; environment: Readonly<Record<string, string>> },
): Promise<Container> {
  const { name, image, environment } = options
  const startedAt = performance.now()
  const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`])
  await engineOutput(engine, ['run', '--detach', '--name', name, ...hardened(engine), ...variables, image])
  const url = `http://127.0.0.1:${environment['PORT']}`
  while (!(await answersOk(`${url}/health/ready`))) {
    if (performance.now() - startedAt > READY_WITHIN_MS) {
      const { stdout, stderr } = await attempt([...engine.command, 'logs', name], engine)
      throw new Error(`${name} is not ready after ${READY_WITHIN_MS} ms:\n${stdout}${stderr}`)
    }
    await delay(POLL_EVERY_MS)
  }
  const readyMs = Math.round(performance.now() - startedAt)
  const pid = Number(await engineOutput(engine, ['inspect', '--format', '{{.State.Pid}}', name]))
  return { name, url, readyMs, pid }
}

/** Stops a container with SIGTERM and answers its exit status. */
export async function stopContainer(engine: Engine, { name }: { name: string }): Promise<number> {
  await engineOutput(engine, ['stop', '--time', String(STOP_SECONDS), name])
  return Number(await engineOutput(engine, ['inspect', '--format', '{{.State.ExitCode}}', name]))
}

/** Runs a program of an image to its end, under the same settings. */
export function runOnce(
  engine: Engine,
  options: {
    image: string
    program: string
    args: readonly string[]
    environment?: Readonly<Record<string, string>>
  },
): Promise<string> {
  const variables = Object.entries(options.environment ?? {}).flatMap(([key, value]) => [
    '--env',
    `${key}=${value}`,
  ])
  return engineOutput(engine, [
    'run',
    '--rm',
    ...hardened(engine),
    ...variables,
    '--entrypoint',
    options.program,
    options.image,
    ...options.args,
  ])
}

/** Runs a service's migration from its image, as the job of a cluster does. */
export async function migrate(
  engine: Engine,
  options: {
    image: string
    service: string
    /** The database, with an account that may change tables. */
    url: string
    callers: readonly { caller: string; scopes: readonly string[]; key: string }[]
  },
): Promise<void> {
  const { image, service, url, callers } = options
  await runOnce(engine, {
    image,
    program: '/usr/local/bin/bun',
    args: ['/app/shared/migrate.js', service],
    environment: { MIGRATION_DATABASE_URL: url, CALLER_API_KEYS: JSON.stringify(callers) },
  })
}

/** What the system knows of the process of a container. */
export function processStatus(engine: Engine, { pid }: { pid: number }): Promise<string> {
  return output([...engine.enter, 'cat', `/proc/${pid}/status`])
}

/** Megabytes of memory that a container has now. */
export async function memoryOf(engine: Engine, container: { pid: number }): Promise<number> {
  const status = await processStatus(engine, container)
  return Math.round(Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1] ?? Number.NaN) / 1024)
}

/** Podman adds folders that can be written unless it is told not to; Docker never does. */
function hardened(engine: Engine): string[] {
  return [...HARDENED, ...(engine.kind === 'podman' ? ['--read-only-tmpfs=false'] : [])]
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    // Refused, cut or too slow: not yet, whatever the reason.
    return false
  }
}
