#!/usr/bin/env bash
# A Date in drizzle's sql`` template is another moment than the same Date in eq(), unless the process runs in UTC.
#
# Seen with: drizzle-orm 0.45.4 and mysql2 3.24.6, Node.js 20, 29 November 2026; no server is asked.
# Input:     a datetime column and midnight UTC of 1 January 2026, compared with eq(column, date) and with
#            sql`${column} = ${date}`, on a pool with default settings, in a process with TZ=Asia/Tokyo.
# Expected:  the same statement, because a column in the template is written as in eq().
# Behaviour: eq() encodes the date as its column does, in UTC. The template hands the Date to mysql2, which writes it in
#            the zone of the process: nine hours later. What drizzle stored is then not found by the moment it was
#            stored with. With `timezone: 'Z'` on the pool, or sql.param(date, column), both are the same.
# Output:    eq: 2026-01-01 00:00:00.000
#            sql: 2026-01-01 09:00:00.000
#            sql with param: 2026-01-01 00:00:00.000
#            sql, timezone Z: 2026-01-01 00:00:00.000
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund drizzle-orm@0.45.4 mysql2@3.24.6 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { eq, sql } from 'drizzle-orm'
import { datetime, mysqlTable } from 'drizzle-orm/mysql-core'
import { drizzle } from 'drizzle-orm/mysql2'
import mysql from 'mysql2'

const visits = mysqlTable('visits', { at: datetime('at', { fsp: 3 }) })
const at = new Date('2026-01-01T00:00:00Z')

/** The moment in a statement, as mysql2 puts it there before it is sent. */
function momentIn(condition, settings = {}) {
  const pool = mysql.createPool({ host: '127.0.0.1', ...settings })
  const statement = drizzle({ client: pool }).select().from(visits).where(condition).toSQL()
  return /'(.*)'/.exec(pool.format(statement.sql, statement.params))[1]
}

console.log(`eq: ${momentIn(eq(visits.at, at))}`)
console.log(`sql: ${momentIn(sql`${visits.at} = ${at}`)}`)
console.log(`sql with param: ${momentIn(sql`${visits.at} = ${sql.param(at, visits.at)}`)}`)
console.log(`sql, timezone Z: ${momentIn(sql`${visits.at} = ${at}`, { timezone: 'Z' })}`)
process.exit()
JS
TZ=Asia/Tokyo node repro.mjs | tee output
diff output - <<'EXPECTED'
eq: 2026-01-01 00:00:00.000
sql: 2026-01-01 09:00:00.000
sql with param: 2026-01-01 00:00:00.000
sql, timezone Z: 2026-01-01 00:00:00.000
EXPECTED
