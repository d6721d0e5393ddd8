import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { attempt, ensureInstalled, output, run } from './command.ts'
import { makePrivatePlace } from './private-place.ts'
import { baseImageOf, makeStandIn } from './stand-in.ts'

/** The folder of the repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url))
/** The recipe of all services. */
export const recipe = join(repository, 'docker/Dockerfile')

const PULL_WITHIN_MS = 180_000
const PODMAN_PACKAGES =
  'podman buildah runc netavark aardvark-dns containernetworking-plugins catatonit nftables'
const UNREACHABLE =
  /no such host|timeout|timed out|connection refused|network is unreachable|server misbehaving|EOF/i
/** crun fails where both generations of control groups are in use, and the default limits exceed a container's. */
const PODMAN_SETTINGS = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
`

/** What builds and runs images: Docker where it runs, else Podman in a private place. */
export type Engine = {
  command: readonly string[]
  /** The command that runs another one where the processes of containers can be seen. */
  enter: readonly string[]
  environment: Readonly<Record<string, string>>
  kind: 'docker' | 'podman'
  /** The official image of Bun, or one made of this system because no registry can be reached. */
  base: 'official' | 'stand-in'
  /** Removes everything that was made. */
  close: () => Promise<void>
}

/** Finds or installs an engine and gets the base image for it. */
export async function openEngine(): Promise<Engine> {
  const docker = await attempt(['docker', 'info']).catch(() => ({ status: 1 }))
  if (docker.status === 0) {
    await run(['docker', 'pull', '--quiet', await baseImageOf(recipe)], { timeoutMs: PULL_WITHIN_MS })
    return {
      command: ['docker'],
      enter: [],
      environment: {},
      kind: 'docker',
      base: 'official',
      close: async () => undefined,
    }
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('Cannot build images: start Docker, or run this as root on Debian, where Podman is used.')
  }
  return await openPodman()
}

async function openPodman(): Promise<Engine> {
  await ensureInstalled({ podman: PODMAN_PACKAGES, runc: 'runc' })
  const { enter, folder, close } = await makePrivatePlace()
  const settings = join(folder, 'containers.conf')
  await writeFile(settings, PODMAN_SETTINGS)
  const environment = { CONTAINERS_CONF: settings, TMPDIR: folder }
  const command = [
    ...enter,
    'podman',
    '--root',
    join(folder, 'storage'),
    '--runroot',
    join(folder, 'run'),
    '--cgroup-manager',
    'cgroupfs',
  ]
  try {
    const image = await baseImageOf(recipe)
    const pulled = await attempt([...command, 'pull', '--quiet', image], {
      environment,
      timeoutMs: PULL_WITHIN_MS,
    })
    if (pulled.status !== 0 && !UNREACHABLE.test(pulled.stderr)) throw new Error(pulled.stderr)
    if (pulled.status !== 0) await makeStandIn(command, { image, environment })
    return {
      command,
      enter,
      environment,
      kind: 'podman',
      base: pulled.status === 0 ? 'official' : 'stand-in',
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Builds the image of a service, or of the shop. */
export async function build(
  engine: Engine,
  service: string,
  options: { tag: string; fresh?: boolean },
): Promise<void> {
  await run(
    [
      ...engine.command,
      'build',
      // What a registry offers under the name now may be another image than the one just pulled.
      ...(engine.kind === 'podman' ? ['--pull=never', '--format', 'docker'] : []),
      ...(options.fresh ? ['--no-cache'] : []),
      '--network=host',
      '--build-arg',
      `SERVICE=${service}`,
      ...(service === 'shop' ? ['--build-arg', 'FOLDER=shop'] : []),
      '--tag',
      options.tag,
      '--file',
      recipe,
      repository,
    ],
    { environment: { ...engine.environment, DOCKER_BUILDKIT: '1' } },
  )
}

/** Runs the engine with these arguments and answers what it wrote. */
export function engineOutput(engine: Engine, args: readonly string[]): Promise<string> {
  return output([...engine.command, ...args], { environment: engine.environment })
}

/** How much an image takes, with the layers that it shares with others. */
export async function imageBytes(engine: Engine, image: string): Promise<number> {
  return Number(await engineOutput(engine, ['inspect', '--format', '{{.Size}}', image]))
}
