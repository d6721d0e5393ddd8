import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { mintApiKey } from '@bazaar/shared/auth/api-keys'
import { freePort } from '@bazaar/shared/testing/service'
import { removeStack } from '@bazaar/stack/commands/reset'
import { SERVICES, type ServiceName } from '@bazaar/stack/servers/databases'
import { KEY_GRANTS } from '@bazaar/stack/services/issue-keys'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { type Stack, startStack } from '@bazaar/stack/stack'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { attempt, ensureInstalled, output } from '../images/command.ts'
import {
  type Container,
  memoryOf,
  migrate,
  processStatus,
  runOnce,
  startContainer,
  stopContainer,
} from '../images/containers.ts'
import {
  build,
  type Engine,
  engineOutput,
  imageBytes,
  openEngine,
  recipe,
  repository,
} from '../images/engine.ts'

/*
 * The true images, run as Kubernetes runs them, on the stores of a private stack: `bun run images`. One test builds
 * on the other, in this order.
 */

const STACK = `test-images-${process.pid}`
const PROGRAMS = [...SERVICES, 'shop'] as const
type Program = (typeof PROGRAMS)[number]
const tagOf = (program: Program) => (program === 'shop' ? 'shop:1.0' : `${program}-service:1.0`)
const folderOf = (program: Program) => (program === 'shop' ? '/app/shop' : `/app/services/${program}`)
const SECRET = /PASSWORD_PEPPER=|BOOTSTRAP|CURSOR_SECRET|:\/\/[^/\s]*:[^/\s]*@|bzk_/

/** Most of it is building, which takes as long as the network does. */
setDefaultTimeout(600_000)

let engine: Engine
let stack: Stack
const containers = new Map<Program, Container>()
const figures: string[] = []

beforeAll(async () => {
  await ensureInstalled({ shellcheck: 'shellcheck' })
  engine = await openEngine()
  stack = await startStack({
    name: STACK,
    except: SERVICES,
    external: {},
    environment: { ...UNLIMITED, BCRYPT_COST: '10' },
  })
})

afterAll(async () => {
  process.stdout.write(`\n${figures.join('\n')}\n`)
  await engine?.close()
  await stack?.stop()
  await removeStack(STACK)
})

test('the recipe has nothing that the linter objects to', async () => {
  const linter = join(repository, 'docker/node_modules/.bin/dockerlinter')
  const { status, stdout, stderr } = await attempt([linter, '-e', '-f', recipe])
  expect(`${stdout}${stderr}`.trim()).toBe('')
  expect(status).toBe(0)
})

describe('each image', () => {
  test.each([...PROGRAMS])('%s is built from the recipe', async (service) => {
    await build(engine, service, { tag: tagOf(service) })
    const bytes = await imageBytes(engine, tagOf(service))
    const base = await imageBytes(
      engine,
      (await readFile(recipe, 'utf8')).match(/^ARG BUN_IMAGE=(\S+)$/m)?.[1] ?? '',
    )
    figures.push(
      `${service}: image ${mb(bytes)}, of it ${mb(bytes - base)} on top of the ${engine.base} base`,
    )
    expect(bytes - base).toBeLessThan(40_000_000)
  })

  test.each([...PROGRAMS])(
    '%s names a user above 10000, a health check, its origin, and no secret',
    async (service) => {
      const text = await engineOutput(engine, ['inspect', tagOf(service)])
      const [image]: { Config: { User: string; Labels: Record<string, string> } }[] = JSON.parse(text)
      const config = image?.Config
      expect(config?.User).toMatch(/^[1-9]\d{4,}:[1-9]\d{4,}$/)
      // Podman and Docker tell it in different places.
      expect(text).toMatch(/"Healthcheck": \{\s+"Test": \[\s+"CMD",\s+"\/usr\/local\/bin\/bun"/)
      expect(config?.Labels['org.opencontainers.image.title']).toBe(`bazaar-${service}`)
      expect(text + (await engineOutput(engine, ['history', '--no-trunc', tagOf(service)]))).not.toMatch(
        SECRET,
      )
    },
  )

  test.each([...PROGRAMS])(
    '%s holds its bundle, and neither sources, tests, tools nor failpoints',
    async (service) => {
      const files = (await inImage(service, 'find /app -type f')).trim().split('\n')
      expect(files).toContain(`${folderOf(service)}/src/main.js`)
      const ours = files.filter((file) => !file.includes('/node_modules/'))
      expect(ours.filter((file) => /\.tsx?$|test|\.env|failpoint/i.test(file))).toEqual([])
      expect(
        files.filter((file) => /node_modules\/(typescript|drizzle-kit|@types|bun-types|biome)/.test(file)),
      ).toEqual([])
      const others = PROGRAMS.filter((other) => other !== service)
      expect(files.filter((file) => others.some((other) => file.startsWith(`${folderOf(other)}/`)))).toEqual(
        [],
      )
    },
  )

  test('two builds from nothing hold the same bytes', async () => {
    const contents = async (tag: string) =>
      await runOnce(engine, {
        image: tag,
        program: '/bin/sh',
        args: ['-c', 'find /app -type f -exec sha256sum {} +'],
      })
    const before = linesOf(await contents(tagOf('iam')))
    await build(engine, 'iam', { tag: 'iam-service:again', fresh: true })
    expect(linesOf(await contents('iam-service:again'))).toEqual(before)
  })
})

test('an image brings an empty database up to date', async () => {
  const database = `images_${process.pid}`
  const connection = await createConnection(stack.adminUrls.mysql)
  try {
    await connection.query(`CREATE DATABASE ${database}`)
    for (const _round of [1, 2])
      await migrate(engine, { image: tagOf('iam'), service: 'iam', url: urlOf(database), callers: [] })
    const [tables] = await connection.query<RowDataPacket[]>(`SHOW TABLES FROM ${database} LIKE 'api_keys'`)
    expect(tables).toHaveLength(1)
  } finally {
    await connection.query(`DROP DATABASE IF EXISTS ${database}`)
    await connection.end()
  }
})

test('the containers start read-only, without capabilities, as their user', async () => {
  // While a disk is busy with the images that were just built, the services answer 503, as they promise.
  await output(['sync'])
  for (const service of ['iam', 'inventory', 'user', 'order'] as const) {
    const environment = { ...stack.environmentOf(service), ENVIRONMENT: 'test' }
    const container = await startContainer(engine, {
      name: `${STACK}-${service}`,
      image: tagOf(service),
      environment: { ...environment, ...(await keyFor(service)) },
    })
    containers.set(service, container)
    const status = await processStatus(engine, container)
    expect(status).toMatch(/^Uid:\s+10001\s/m)
    expect(status).toMatch(/^CapEff:\s+0+$/m)
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
    const written = await attempt(
      [...engine.command, 'exec', container.name, '/bin/sh', '-c', 'echo x >/app/x || echo x >/tmp/x'],
      engine,
    )
    expect(written.stderr).toContain('Read-only file system')
    figures.push(
      `${service}: ready in ${container.readyMs} ms, ${await memoryOf(engine, container)} MB at rest`,
    )
  }
})

test('the health check of the images tells ready from not listening', async () => {
  const check = (port: string) =>
    attempt(
      [
        ...engine.command,
        'exec',
        '--env',
        `PORT=${port}`,
        `${STACK}-iam`,
        '/usr/local/bin/bun',
        '/app/docker/health.js',
        'ready',
      ],
      engine,
    )
  const { status } = await check(new URL(containers.get('iam')?.url ?? '').port)
  expect(status).toBe(0)
  expect((await check('1')).status).toBe(1)
})

test('sellers and buyers make their journeys through the four containers', async () => {
  const urls = Object.fromEntries(
    [...containers].map(([service, { url }]) => [`BAZAAR_${service.toUpperCase()}_URL`, url]),
  )
  const { status, stdout, stderr } = await attempt(
    [process.execPath, 'test', '--timeout=120000', './tests/journeys'],
    {
      folder: repository,
      environment: urls,
    },
  )
  // Marked, so that nobody takes it for what this suite says of itself.
  if (status !== 0) process.stdout.write(`${stdout}${stderr}`.replaceAll(/^/gm, '  journeys: '))
  expect(status).toBe(0)
  expect(`${stdout}${stderr}`).toMatch(/\n *0 fail/)
  for (const [service, container] of containers)
    figures.push(`${service}: ${await memoryOf(engine, container)} MB after the journeys`)
})

test('the shop shows its window from a container', async () => {
  const port = String(await freePort())
  const address = (service: ServiceName) => containers.get(service)?.url ?? ''
  const container = await startContainer(engine, {
    name: `${STACK}-shop`,
    image: tagOf('shop'),
    environment: {
      PORT: port,
      ENVIRONMENT: 'test',
      USER_URL: address('user'),
      INVENTORY_URL: address('inventory'),
      ORDER_URL: address('order'),
      ORIGINS: `http://127.0.0.1:${port}`,
      COOKIE_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    },
  })
  containers.set('shop', container)
  const home = await fetch(container.url)
  const page = await home.text()
  expect(home.status).toBe(200)
  const [, style = ''] = /href="(\/assets\/style-[^"]+)"/.exec(page) ?? []
  for (const path of [style, '/icon.svg', '/search', '/log-in'])
    expect([path, (await fetch(container.url + path)).status]).toEqual([path, 200])
  figures.push(`shop: ready in ${container.readyMs} ms, ${await memoryOf(engine, container)} MB at rest`)
})

test('each container ends with 0 on SIGTERM', async () => {
  for (const [service, container] of [...containers].toReversed()) {
    const startedAt = performance.now()
    expect([service, await stopContainer(engine, container)]).toEqual([service, 0])
    figures.push(`${service}: stopped in ${Math.round(performance.now() - startedAt)} ms`)
  }
})

/** A key for a service that calls another, made beforehand and accepted by the other's migration. */
async function keyFor(service: ServiceName): Promise<Record<string, string>> {
  if (service !== 'user' && service !== 'order') return {}
  const { issuer, scopes } = KEY_GRANTS[service]
  const { key } = mintApiKey('test')
  await migrate(engine, {
    image: tagOf(issuer),
    service: issuer,
    url: urlOf(`bazaar_${issuer}`),
    callers: [{ caller: service, scopes, key }],
  })
  return { [service === 'user' ? 'IAM_API_KEY' : 'INVENTORY_API_KEY']: key }
}

function urlOf(database: string): string {
  return new URL(`/${database}`, stack.adminUrls.mysql).href
}

function inImage(service: Program, command: string): Promise<string> {
  return runOnce(engine, { image: tagOf(service), program: '/bin/sh', args: ['-c', command] })
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

function linesOf(text: string): string[] {
  return text.trim().split('\n').toSorted()
}
