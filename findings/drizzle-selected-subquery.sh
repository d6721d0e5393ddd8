#!/usr/bin/env bash
# A correlated subquery loses the names of its tables when drizzle-orm selects it, and then compares one table with itself.
#
# Seen with: drizzle-orm 0.45.4, Node.js 20, 30 November 2026; no server is asked.
# Input:     one sql`` template, a count of the goods of a shop, used as a selected field, in where() and in orderBy() of a
#            select from one table.
# Expected:  the same subquery at each place, as its columns know their tables.
# Behaviour: as a selected field its columns have no table, so `id` is that of `goods`: each shop gets the same number, and no
#            error. In where(), in orderBy(), beside a join, or inside a second template it is whole. Reported upstream for
#            an earlier version; still so.
# Output:    selected: (select count(*) from `goods` where `shop_id` = `id`)
#            where: (select count(*) from `goods` where `goods`.`shop_id` = `shops`.`id`)
#            orderBy: (select count(*) from `goods` where `goods`.`shop_id` = `shops`.`id`)
#            selected inside a second template: (select count(*) from `goods` where `goods`.`shop_id` = `shops`.`id`)
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund drizzle-orm@0.45.4 mysql2@3.24.6 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { sql } from 'drizzle-orm'
import { int, mysqlTable } from 'drizzle-orm/mysql-core'
import { drizzle } from 'drizzle-orm/mysql2'
import mysql from 'mysql2'

const shops = mysqlTable('shops', { id: int('id') })
const goods = mysqlTable('goods', { id: int('id'), shopId: int('shop_id') })
const database = drizzle({ client: mysql.createPool({ host: '127.0.0.1' }) })
const goodsOfShop = sql`(select count(*) from ${goods} where ${goods.shopId} = ${shops.id})`

const subqueryOf = (statement) => /\(select.*?`id`\)/.exec(statement.toSQL().sql)[0]
console.log(`selected: ${subqueryOf(database.select({ goodsOfShop }).from(shops))}`)
console.log(`where: ${subqueryOf(database.select().from(shops).where(sql`${goodsOfShop} > 0`))}`)
console.log(`orderBy: ${subqueryOf(database.select().from(shops).orderBy(goodsOfShop))}`)
const twice = sql`${goodsOfShop}`
console.log(`selected inside a second template: ${subqueryOf(database.select({ twice }).from(shops))}`)
process.exit()
JS
node repro.mjs | tee output
diff output - <<'EXPECTED'
selected: (select count(*) from `goods` where `shop_id` = `id`)
where: (select count(*) from `goods` where `goods`.`shop_id` = `shops`.`id`)
orderBy: (select count(*) from `goods` where `goods`.`shop_id` = `shops`.`id`)
selected inside a second template: (select count(*) from `goods` where `goods`.`shop_id` = `shops`.`id`)
EXPECTED
