import process from 'node:process'
import type { ExternalServers } from '../servers/external.ts'
import { StackError } from '../stack-error.ts'
import { type Programs, STORES, type Store } from './programs.ts'
import type { StoreVersions } from './store-versions.ts'

/** A set of stores that Bazaar promises to run on, as one Debian release has them. */
export type StoreRow = {
  name: string
  /** The name of that Debian release. */
  suite: string
  packages: readonly string[]
  /** The beginnings of the versions that the running servers report. */
  versions: Readonly<Record<Store, string>>
  /** The place where the packages put the programs. */
  programs: Required<Pick<Programs, Store>>
}

const RABBITMQ = { server: '/usr/lib/rabbitmq/bin/rabbitmq-server', epmd: '/usr/bin/epmd' }
const MARIADB_AND_REDIS = {
  packages: ['mariadb-server', 'redis-server', 'rabbitmq-server'],
  programs: {
    mysql: { kind: 'mariadb', server: '/usr/sbin/mariadbd', installer: '/usr/bin/mariadb-install-db' },
    redis: '/usr/bin/redis-server',
    rabbitmq: RABBITMQ,
  },
} as const

/** The stores that Bazaar promises to run on. */
export const STORE_ROWS: readonly StoreRow[] = [
  {
    name: 'debian12',
    suite: 'bookworm',
    versions: { mysql: 'MariaDB 10.11.', redis: 'Redis 7.0.', rabbitmq: 'RabbitMQ 3.10.' },
    ...MARIADB_AND_REDIS,
  },
  {
    name: 'debian13',
    suite: 'trixie',
    versions: { mysql: 'MariaDB 11.8.', redis: 'Redis 8.0.', rabbitmq: 'RabbitMQ 4.0.' },
    ...MARIADB_AND_REDIS,
  },
  {
    name: 'mysql',
    suite: 'sid',
    // Whatever version the unstable Debian has.
    versions: { mysql: 'MySQL ', redis: 'Valkey ', rabbitmq: 'RabbitMQ 4.' },
    packages: ['mysql-server', 'valkey-server', 'rabbitmq-server'],
    programs: {
      mysql: { kind: 'mysql', server: '/usr/sbin/mysqld' },
      redis: '/usr/bin/valkey-server',
      rabbitmq: RABBITMQ,
    },
  },
]

/**
 * The row of that name.
 * @throws {StackError} when there is none.
 */
export function storeRow(name: string): StoreRow {
  const row = STORE_ROWS.find((known) => known.name === name)
  if (row) return row
  throw new StackError(
    `There are no stores "${name}"; there are ${STORE_ROWS.map((known) => known.name).join(', ')}.`,
  )
}

/** The row that the environment names, or undefined for the machine's own servers. */
export function chosenRow(): StoreRow | undefined {
  const name = process.env['BAZAAR_STORES']
  return name ? storeRow(name) : undefined
}

/** @throws {StackError} when servers are given, too, because it is unclear which are meant. */
export function refuseBoth(row: StoreRow, external: ExternalServers): void {
  if (STORES.every((store) => external[store] === undefined)) return
  throw new StackError(
    `Cannot run the stores "${row.name}": the environment names servers to use in their place. Unset BAZAAR_MYSQL_URL, BAZAAR_REDIS_URL and BAZAAR_RABBITMQ_URL, or leave out --stores.`,
  )
}

/** @throws {StackError} when the running servers are not what the row promises. */
export function expectVersions(row: StoreRow, versions: StoreVersions): void {
  const others = STORES.filter((store) => !versions[store].startsWith(row.versions[store]))
  if (others.length === 0) return
  throw new StackError(
    `The stores "${row.name}" are not what they should be: ${others.map((store) => versions[store]).join(', ')}. Delete their root below .bazaar/stores, and it is made anew.`,
  )
}
