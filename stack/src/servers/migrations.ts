import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { repositoryFolder } from '../paths.ts'
import { runQuietly } from '../processes/run-quietly.ts'
import type { Secrets } from '../services/secrets.ts'
import { messageOf, StackError } from '../stack-error.ts'
import { type DatabaseServer, databaseUrl, SERVICES, type ServiceName } from './databases.ts'

/** Identifies the migrations of each service that a database has seen. */
export type MigrationDigests = Record<string, string>

/**
 * Brings the databases up to date, all at once, leaving out those that have seen the very same migrations. Returns
 * the migrations they have seen now.
 */
export async function migrateDatabases(
  server: DatabaseServer,
  options: { secrets: Secrets; seen: MigrationDigests; signal?: AbortSignal },
): Promise<MigrationDigests> {
  const digests = await Promise.all(
    SERVICES.map(async (service) => {
      const digest = await digestOf(service)
      if (options.seen[service] !== digest) await migrate(service, server, options)
      return [service, digest] as const
    }),
  )
  return Object.fromEntries(digests)
}

async function migrate(
  service: ServiceName,
  server: DatabaseServer,
  { secrets, signal }: { secrets: Secrets; signal?: AbortSignal },
): Promise<void> {
  const url = databaseUrl(server, { account: 'migrator', service, secrets })
  try {
    await runQuietly([process.execPath, '--no-env-file', 'shared/migrate.ts', service], {
      folder: repositoryFolder,
      environment: { MIGRATION_DATABASE_URL: url },
      ...(signal && { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw new StackError(`Cannot bring the database of ${service} up to date: ${reasonIn(messageOf(error))}`)
  }
}

/**
 * The reason in the output of a migration that failed: the database server's own message, with what to do if the
 * migration itself did not fit, or that the server cannot be reached; otherwise the whole output.
 */
export function reasonIn(output: string): string {
  const [, code = ''] = /code: "(E[A-Z_]+)"/.exec(output) ?? []
  const [, said] = /sqlMessage: "(.+)"/.exec(output) ?? []
  if (said === undefined) return code === '' ? output : `the database does not answer (${code}). Try again`
  if (code.endsWith('ACCESS_DENIED_ERROR')) return said
  return `${said}\nIf a migration was rewritten after it ran here, the database must be made anew: ./bazaar reset`
}

async function digestOf(service: ServiceName): Promise<string> {
  const folder = join(repositoryFolder, 'services', service, 'migrations')
  const hash = createHash('sha256')
  for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).toSorted(byPath)) {
    if (!entry.isFile()) continue
    hash.update(entry.name).update(await readFile(join(entry.parentPath, entry.name)))
  }
  return hash.digest('hex')
}

function byPath(
  one: { parentPath: string; name: string },
  other: { parentPath: string; name: string },
): number {
  return join(one.parentPath, one.name) < join(other.parentPath, other.name) ? -1 : 1
}
