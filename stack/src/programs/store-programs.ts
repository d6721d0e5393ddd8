import { readFile, realpath } from 'node:fs/promises'
import { ensurePrograms } from './install-programs.ts'
import { ensureRoot } from './make-root.ts'
import { findPrograms, type Programs, STORES, type Store, versionOf } from './programs.ts'
import type { StoreRow } from './store-rows.ts'

type Options = { note: (text: string) => void; signal: AbortSignal }

/**
 * The servers of a row: this machine's own if they have its versions, otherwise those in a root made for it. Without
 * a row, whatever this machine has.
 * @throws {StackError} when they are missing and cannot be made.
 */
export async function storePrograms(
  row: StoreRow | undefined,
  { needed, ...options }: Options & { needed: readonly Store[] },
): Promise<Programs> {
  if (!row) return await ensurePrograms(needed, options)
  const installed = (await isDebian(row.suite)) ? await ensurePrograms(STORES, options) : await findPrograms()
  if (await isOfRow(installed, row)) return installed
  return { ...row.programs, root: await ensureRoot(row, options) }
}

async function isDebian(suite: string): Promise<boolean> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^ID=debian$/m.test(text) && text.includes(`VERSION_CODENAME=${suite}`)
}

async function isOfRow(programs: Programs, row: StoreRow): Promise<boolean> {
  const versions = await installedVersions(programs)
  return STORES.every((store) => versions[store]?.startsWith(row.versions[store]))
}

/** The versions that the installed programs report, without being started. */
async function installedVersions({
  mysql,
  redis,
  rabbitmq,
}: Programs): Promise<Partial<Record<Store, string>>> {
  const database = mysql && (await versionOf(mysql.server)).match(/Ver (\d[\d.]*)/)?.[1]
  const cache = redis && (await versionOf(redis)).match(/^(\w+) server v=(\d[\d.]*)/)
  // RabbitMQ would have to start to report it; but its folder is named after it.
  const broker = rabbitmq && (await realpath(rabbitmq.server)).match(/rabbitmq[_-]server-(\d[\d.]*)/)?.[1]
  return {
    ...(database && { mysql: `${mysql?.kind === 'mysql' ? 'MySQL' : 'MariaDB'} ${database}` }),
    ...(cache && { redis: `${cache[1]} ${cache[2]}` }),
    ...(broker && { rabbitmq: `RabbitMQ ${broker}` }),
  }
}
