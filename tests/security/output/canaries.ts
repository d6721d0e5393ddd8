import { randomBytes, randomInt } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { send } from '../system/ask.ts'
import { databases, redis, select, tables } from '../system/rows.ts'
import { logsFolder, SERVICES, urlOf } from '../system/stack.ts'

/** Secrets that are recognised wherever they turn up. */
export type Canaries = Record<'password' | 'token' | 'key' | 'card' | 'email', string>

/**
 * Where a canary may be: what a user gave as their address is kept there, and what a seller gave as the number of a
 * parcel, which nobody can tell from the number of a card.
 */
const ALLOWED: readonly string[] = [
  'email in the column users.email',
  'email in the column letters.recipient',
  'card in the column order_parts.tracking_number',
]

/** New canaries: a password, a session, an API key, the number of a card and an e-mail address. */
export function newCanaries(): Canaries {
  const mark = randomBytes(9).toString('hex')
  return {
    password: `canary ${mark} password`,
    token: `canary-token-${mark}`.padEnd(43, 'x'),
    key: `bzk_dev_${randomBytes(8).toString('hex')}_${`canary${mark}`.padEnd(43, 'x')}`,
    card: cardNumber(),
    email: `canary.${mark}@example.com`,
  }
}

/** A number that a card could have: it begins like one and its last digit is the right one. */
function cardNumber(): string {
  const digits = `4111${randomInt(10 ** 11)
    .toString()
    .padStart(11, '0')}`
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** Every place in the system where a canary is and must not be. */
export async function sightings(canaries: Canaries): Promise<string[]> {
  const places = [...(await inLogs()), ...(await inMetrics()), ...(await inRedis())]
  const seen = Object.entries(canaries).flatMap(([kind, canary]) =>
    places.filter(({ text }) => text.includes(canary)).map(({ name }) => `${kind} in ${name}`),
  )
  for (const [kind, canary] of Object.entries(canaries))
    seen.push(...(await columnsWith(canary)).map((column) => `${kind} in the column ${column}`))
  return seen.filter((sighting) => !ALLOWED.includes(sighting))
}

type Place = { name: string; text: string }

/** What every process wrote: the services, and the servers that they use. */
async function inLogs(): Promise<Place[]> {
  const files = await readdir(logsFolder)
  return Promise.all(
    files.map(async (file) => ({
      name: `the log ${file}`,
      text: await readFile(join(logsFolder, file), 'utf8'),
    })),
  )
}

async function inMetrics(): Promise<Place[]> {
  return Promise.all(
    SERVICES.map(async (service) => ({
      name: `the metrics of ${service}`,
      text: (await send(`${urlOf(service)}/metrics`, {})).text,
    })),
  )
}

async function inRedis(): Promise<Place[]> {
  const keys = await redis.keys('*')
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
  return keys.map((key, index) => ({
    name: `the Redis key ${key.slice(0, 40)}`,
    text: `${key} ${dumps[index]?.toString('latin1')}`,
  }))
}

/** The columns that hold the text, of all tables: what is in an outbox is what goes into the queues. */
async function columnsWith(text: string): Promise<string[]> {
  const found: string[] = []
  for (const { database, name, columns } of tables.filter((table) => databases.includes(table.database))) {
    const texts = columns.filter(({ type }) => /char|text|blob|binary|json/.test(type))
    if (texts.length === 0) continue
    const counts = texts.map(({ name: column }) => `sum(instr(\`${column}\`, ?) > 0) \`${column}\``)
    const [row] = await select(
      `select ${counts.join(', ')} from \`${database}\`.\`${name}\``,
      texts.map(() => text),
    )
    found.push(
      ...texts.filter((column) => Number(row?.[column.name]) > 0).map((column) => `${name}.${column.name}`),
    )
  }
  return found
}
