import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { run } from '@bazaar/client/test/installed'
import { urls } from '../journeys/world.ts'

/*
 * The project of somebody who knows of Bazaar nothing but its documents. Its packages are no part of this repository: they
 * have a lock file of their own (outside/bun.lock) and are installed where nobody else meets them.
 */

const SOURCES = fileURLToPath(new URL('outside', import.meta.url))
const INSTALLED = fileURLToPath(new URL('../../.bazaar/outside', import.meta.url))
const MAIN_LINE = fileURLToPath(new URL('../../client/test/main-line.ts', import.meta.url))
const PICTURE = fileURLToPath(new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url))

/** The documents of the stack under test, as files of the project. */
export const DOCUMENTS = {
  /** What people can do with all services. */
  all: 'bazaar.json',
  services: ['user', 'inventory', 'order'],
} as const

/** A project with its packages, the programs of `outside/` and the documents of the stack under test. */
export type OutsideProject = {
  folder: string
  /** Runs a program of one of its packages by Bun, in a folder of the project, and answers what it wrote. */
  tool: (command: readonly [string, ...string[]], within?: string) => Promise<string>
  remove: () => void
}

/** Installs the packages if they are not there, and begins a project beside them. */
export async function newOutsideProject(): Promise<OutsideProject> {
  await install()
  const folder = mkdtempSync(join(INSTALLED, 'project-'))
  for (const name of readdirSync(SOURCES)) copyFileSync(join(SOURCES, name), join(folder, name))
  copyFileSync(MAIN_LINE, join(folder, 'main-line.ts'))
  copyFileSync(PICTURE, join(folder, 'kettle.webp'))
  await writeDocuments(folder)
  return {
    folder,
    tool: ([name, ...args], within = '') =>
      run([process.execPath, join(INSTALLED, 'node_modules', '.bin', name), ...args], {
        folder: join(folder, within),
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function install(): Promise<void> {
  const files = ['package.json', 'bun.lock']
  const isThere = files.every((name) => contentOf(join(INSTALLED, name)) === contentOf(join(SOURCES, name)))
  if (isThere && existsSync(join(INSTALLED, 'node_modules', '.complete'))) return
  mkdirSync(INSTALLED, { recursive: true })
  for (const name of files) copyFileSync(join(SOURCES, name), join(INSTALLED, name))
  // Nothing that a package brings runs while it is installed.
  await run([process.execPath, 'install', '--frozen-lockfile', '--ignore-scripts'], { folder: INSTALLED })
  writeFileSync(join(INSTALLED, 'node_modules', '.complete'), '')
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** The document of all services says where `./bazaar start` has them; here they are elsewhere. */
async function writeDocuments(folder: string): Promise<void> {
  const all = await documentAt(`${urls.order}/docs/all.json`)
  for (const item of Object.values(Object(all.paths)))
    for (const server of Object(item).servers) server.url = addressOf(server.description)
  writeFileSync(join(folder, DOCUMENTS.all), JSON.stringify(all))
  for (const service of DOCUMENTS.services) {
    // For converters that do not know servers of a path (findings/openapi-to-postman-path-servers.sh).
    const own = await documentAt(`${urls[service]}/openapi.json`)
    // As every tool that can reads a relative address: from where the document is.
    const servers = [{ url: urls[service] }]
    writeFileSync(join(folder, `${service}.json`), JSON.stringify({ ...own, servers }))
  }
}

function addressOf(title: string): string {
  const service = DOCUMENTS.services.find((name) => title.toLowerCase() === `bazaar ${name}`)
  if (!service) throw new Error(`No service is called ${title}`)
  return urls[service]
}

async function documentAt(url: string): Promise<{ paths: unknown }> {
  const answer = await fetch(url)
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
  return await answer.json()
}
