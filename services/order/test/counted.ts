import { rowsReadIn } from '@bazaar/shared/testing/rows-read'
import { sql } from 'drizzle-orm'
import type { Deps } from '../src/deps.ts'
import type { World } from './world.ts'

/** How many rows the database reads for some work, which is given a world with one connection. */
export function rowsReadBy(world: World, work: (deps: Deps) => Promise<unknown>): Promise<number> {
  return rowsReadIn(world.deps.config.database.url, (database) => work({ ...world.deps, database }))
}

/** A select of so many rows, numbered from 1 as `n`, for INSERT ... SELECT. At most a million. */
export function numbered(count: number) {
  const digit = sql.raw(
    `(select 0 d union all select 1 union all select 2 union all select 3 union all select 4 union all
      select 5 union all select 6 union all select 7 union all select 8 union all select 9)`,
  )
  return sql`(select 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d as n
    from ${digit} a, ${digit} b, ${digit} c, ${digit} e, ${digit} f, ${digit} g
    having n <= ${count}) numbers`
}
