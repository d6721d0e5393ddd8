import process from 'node:process'
import { text } from 'node:stream/consumers'
import { Elysia } from 'elysia'
import { Redis } from 'ioredis'
import mysql from 'mysql2/promise'

/*
 * The ceiling of what is read: an Elysia that does nothing but answer given bytes. With stores it asks Redis for a key and
 * MySQL for a row each time, which is the least that tells who is calling. The bytes come on standard input, and the port goes out.
 */

const CONNECTIONS = 10
const body = await text(process.stdin)
const { BARE_REDIS_URL: redisUrl, BARE_MYSQL_URL: mysqlUrl } = process.env
const redis = redisUrl ? new Redis(redisUrl, { enableAutoPipelining: true }) : undefined
const pool = mysqlUrl ? mysql.createPool({ uri: mysqlUrl, connectionLimit: CONNECTIONS }) : undefined

const app = new Elysia()
  .get('/', async () => {
    if (redis) await redis.get('bench')
    if (pool) await pool.execute('select on_hand from bench.stock where id = ?', [1])
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  })
  .listen({ port: 0, hostname: '127.0.0.1' })
console.log(app.server?.port)
