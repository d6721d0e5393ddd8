import { describe, expect, test } from 'bun:test'
import { randomInt } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { until } from '@bazaar/shared/testing/until'
import { eachOf, newDetails, newPerson, type Person } from '../../journeys/world.ts'
import { type Answer, ask, type Credentials, codeOf } from '../system/ask.ts'
import { type Operation, operationOf } from '../system/operations.ts'
import { databases, select } from '../system/rows.ts'
import { SERVICES, settingOf } from '../system/stack.ts'
import { serviceKey } from '../system/valid-calls.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const verify = operationOf('iam verifyCredential')
const logIn = operationOf('user logIn')
const PASSWORD_LENGTH = 256
const TRIES_MAX = 40
const LONG_WAIT_SECONDS = 4
/** Far more than are hashed, or wait for it, at once. */
const CROWD = 150
const SERVED_MEANWHILE = 20

/** An address that nobody else of these tests calls from, as a proxy of ours would pass it on. */
function somewhere(): Record<string, string> {
  return { 'x-forwarded-for': `198.18.${randomInt(256)}.${randomInt(256)}` }
}

describe('S01 a stored password', () => {
  test('is bcrypt of the cost that is configured, with a salt of its own', async () => {
    const iam = databases.find((name) => name.endsWith('iam'))
    const people = [await newPerson('BUYER'), await newPerson('BUYER')]
    const hashes = []
    for (const { id } of people) {
      const [row] = await select(
        `select password_hash from \`${iam}\`.credentials where user_id = unhex(replace(?, '-', ''))`,
        [id],
      )
      hashes.push(String(row?.['password_hash']))
    }
    const cost = settingOf('iam', 'BCRYPT_COST')
    expect(Number(cost)).toBeGreaterThanOrEqual(10)
    for (const hash of hashes) expect(hash).toMatch(new RegExp(`^\\$2[aby]\\$${cost}\\$[./A-Za-z0-9]{53}$`))
    expect(hashes[0]?.slice(0, 29)).not.toBe(hashes[1]?.slice(0, 29))
  })
})

describe('S02 S03 every character of a password', () => {
  test('counts, also beyond the 72 bytes that bcrypt looks at', async () => {
    const password = Array.from({ length: PASSWORD_LENGTH }, (_, index) => 'qwertz'[index % 6]).join('')
    const userId = crypto.randomUUID()
    const call = { params: { userId }, body: { password } }
    expect((await ask(operationOf('iam setCredential'), call, serviceKey('iam'))).status).toBe(204)
    for (const at of [0, 71, 72, 73, 100, 255]) {
      const other = `${password.slice(0, at)}#${password.slice(at + 1)}`
      expect((await ask(verify, { body: { userId, password: other } }, serviceKey('iam'))).status).toBe(401)
    }
    expect((await ask(verify, { body: { userId, password } }, serviceKey('iam'))).status).toBe(200)
  })
})

describe('S05 more log-ins than can be looked at', () => {
  test('are told to come again, while everybody else is served, and then it goes on', async () => {
    const { session, email, password } = await newPerson('BUYER')
    const doors: [Operation, Credentials][] = [
      [operationOf('inventory listProducts'), {}],
      [operationOf('user readProfile'), { session }],
      [operationOf('order listOrders'), { session }],
    ]
    const crowd = Array.from({ length: CROWD }, () => {
      const call = {
        body: { login: newDetails().email, password: 'not the right one' },
        headers: somewhere(),
      }
      return ask(logIn, call, {})
    })
    const meanwhile = await eachOf(Array(SERVED_MEANWHILE).fill(doors).flat(), doors.length, ([door, as]) =>
      ask(door, {}, as),
    )
    const answers = await Promise.all(crowd)
    expect(meanwhile.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([])
    expect(answers.filter(({ status }) => ![401, 429, 503].includes(status)).map(({ text }) => text)).toEqual(
      [],
    )
    const refused = answers.filter(({ status }) => status !== 401)
    expect(refused.length).toBeWithin(1, CROWD)
    expect(refused.filter(({ headers }) => !(Number(headers.get('retry-after')) > 0))).toEqual([])
    const after = () => ask(logIn, { body: { login: email, password }, headers: somewhere() }, {})
    await until('it goes on', async () => (await after()).status === 201)
  })
})

describe('S06 who fails to log in', () => {
  test('is told the same, to the byte, for a known and for an unknown login', async () => {
    const known = await newPerson('BUYER')
    const closed = await closedAccount()
    const password = 'not the right one'
    const answers = await Promise.all(
      [known.email, known.mobileNumber, newDetails().email, 'nonsense', closed.email].map((login) =>
        ask(logIn, { body: { login, password }, headers: somewhere() }, {}),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
    expect(new Set(answers.map(comparable)).size).toBe(1)
  })
})

describe('S08 a sign-up with the address of somebody', () => {
  test('is told by choice that it is taken, and nothing about its owner', async () => {
    const owner = await newPerson('SELLER', 'Somebody Else')
    const body = { ...newDetails(), type: 'BUYER', name: 'Ada', email: owner.email }
    const answer = await ask(operationOf('user signUp'), { body }, {})
    expect(`${answer.status} ${codeOf(answer)}`).toBe('409 email-taken')
    for (const text of [owner.id, owner.email, owner.mobileNumber, 'Somebody Else', 'SELLER'])
      expect(answer.text).not.toContain(text)
  })
})

describe('S09 S10 who tries passwords', () => {
  test('waits longer each time, in each spelling of the login, and the owner does not', async () => {
    const owner = await newPerson('BUYER')
    const home = somewhere()
    const attacker = somewhere()
    expect((await tryOn(owner, owner.password, home)).status).toBe(201)
    // What is left of a wait when it is told depends on the machine; it is doubled until that does not matter.
    const waits = [0]
    for (let count = 0; count < TRIES_MAX && (waits.at(-1) ?? 0) < LONG_WAIT_SECONDS; count++) {
      const login = count % 2 === 0 ? owner.email.toUpperCase() : ` ${owner.email} `
      const answer = await tryOn({ ...owner, email: login }, `wrong ${count}`, attacker)
      if (answer.status === 429) {
        waits.push(Number(answer.headers.get('retry-after')))
        if ((waits.at(-1) ?? 0) < LONG_WAIT_SECONDS) await delay(1_000 * (waits.at(-1) ?? 1))
      } else expect(answer.status).toBe(401)
    }
    expect(waits.at(-1)).toBeGreaterThanOrEqual(LONG_WAIT_SECONDS)
    expect(waits[1]).toBeLessThan(LONG_WAIT_SECONDS)
    expect((await tryOn(owner, owner.password, home)).status).toBe(201)
  })

  test('waits also with the right one by then', async () => {
    const victim = await newPerson('BUYER')
    const attacker = somewhere()
    let answer = await tryOn(victim, 'wrong', attacker)
    for (let count = 0; count < 40 && answer.status === 401; count++)
      answer = await tryOn(victim, `wrong ${count}`, attacker)
    expect(`${answer.status} ${codeOf(answer)}`).toBe('429 too-many-requests')
    expect((await tryOn(victim, victim.password, attacker)).status).toBe(429)
  })
})

describe('S11 a new system', () => {
  test('has no row that its migrations made: every user signed up', () => {
    const files = globSync(`${root}services/*/migrations/*.sql`)
    expect(files.length).toBeGreaterThanOrEqual(SERVICES.length)
    for (const file of files) expect(readFileSync(file, 'utf8')).not.toMatch(/^\s*(insert|replace|load)\b/im)
  })

  test('knows no key but those that were issued', async () => {
    const holders = await Promise.all(
      databases
        .filter((name) => /iam|inventory/.test(name))
        .map((name) =>
          select(
            `select distinct caller from \`${name}\`.api_keys where caller not in ('operator', 'user', 'order') and caller not like 'attacker%' and revoked_at is null`,
          ),
        ),
    )
    expect(holders.flat().map((row) => row['caller'])).toEqual([])
  })
})

async function tryOn({ email }: Person, password: string, from: Record<string, string>): Promise<Answer> {
  return ask(logIn, { body: { login: email, password }, headers: from }, {})
}

async function closedAccount(): Promise<Person> {
  const person = await newPerson('BUYER')
  const body = { currentPassword: person.password }
  expect((await ask(operationOf('user closeAccount'), { body }, { session: person.session })).status).toBe(
    204,
  )
  return person
}

function comparable({ headers, text }: Answer): string {
  const instance = headers.get('x-request-id') ?? ''
  const names = [...headers.keys()].filter((name) => name !== 'date').sort()
  return `${names} ${text.replace(instance, '…')} ${headers.get('content-length')}`
}
