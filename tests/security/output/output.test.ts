import { afterAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { answerHeaders } from '@bazaar/shared/api/headers'
import { leavesOf } from '../input/leaves.ts'
import { ask, codeOf } from '../system/ask.ts'
import { forgetKeys, openMarket, sessionOf, textIn } from '../system/market.ts'
import { isRead, operationOf, operations } from '../system/operations.ts'
import { environments } from '../system/stack.ts'
import { validCalls } from '../system/valid-calls.ts'
import { complaintsAbout } from './judge.ts'

afterAll(forgetKeys)

const market = await openMarket()
/** A number of keys, or of anything else, is no secret. */
const SECRET_LENGTH_MIN = 20
const ATTACKS = [
  `' or '1'='1`,
  `"; drop table products; --`,
  `1) union select password_hash from credentials -- `,
  `<script>alert(document.domain)</script>`,
  `"><img src=x onerror=alert(1)>`,
  '{{constructor.constructor("return 1")()}}',
  '%27%20or%201=1',
  '\\"; select 1; --',
]

describe('S51 S52 a text that attacks', () => {
  test.each(ATTACKS)('is kept but for blanks at its ends, and shown as JSON: %s', async (name) => {
    const create = operationOf('inventory createProduct')
    const { as = {}, ...call } = (await validCalls[create.id]?.(market)) ?? { as: {} }
    const properties = { note: name, constructor: 'c', toString: 't', hasOwnProperty: 'h' }
    const made = await ask(create, { ...call, body: { ...Object(call.body), name, properties } }, as)
    expect(made.status).toBe(201)
    const read = operationOf('inventory readProduct')
    const shown = await ask(read, { params: { productId: textIn(made.json, 'id') } }, {})
    const kept = { name: name.trim(), properties: { ...properties, note: name.trim() } }
    expect(Object(shown.json)).toMatchObject(kept)
    expect(complaintsAbout(read, {}, shown)).toEqual([])
    expect(shown.headers.get('content-type')).toStartWith('application/json')
  })

  test.each(ATTACKS)('finds nothing as a search: %s', async (q) => {
    const list = operationOf('inventory listProducts')
    const answer = await ask(list, { query: { q: `${q} ${randomUUID()}` } }, {})
    expect(answer.status).toBe(200)
    expect(Object(answer.json).items).toEqual([])
  })
})

describe('S41 S53 every answer', () => {
  test('has what its operation documents and nothing more, and all headers, when it succeeds, again or unchanged', async () => {
    const wrong: string[] = []
    const seen = new Set<string>()
    for (const operation of operations) {
      const { as, ...call } = (await validCalls[operation.id]?.(market)) ?? { as: {} }
      const answers = [await ask(operation, call, as)]
      const { headers = {} } = call
      const etag = answers[0]?.headers.get('etag')
      if (Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key'))
        answers.push(await ask(operation, call, as))
      if (etag && isRead(operation))
        answers.push(await ask(operation, { ...call, headers: { ...headers, 'if-none-match': etag } }, as))
      for (const answer of answers) {
        for (const [name] of answer.headers) seen.add(name)
        wrong.push(...complaintsAbout(operation, call, answer).map((one) => `${operation.id} ${one}`))
      }
    }
    expect(wrong).toEqual([])
    const page = await ask(operationOf('inventory listProducts'), { query: { limit: '1' } }, {})
    const refused = await ask(operationOf('user readProfile'), {}, {})
    for (const { headers } of [page, refused]) for (const [name] of headers) seen.add(name)
    // Nothing is overloaded here, and without limits nothing is counted; both have tests of their own.
    const elsewhere = ['retry-after', 'ratelimit', 'ratelimit-policy']
    const documented = Object.keys(answerHeaders).map((name) => name.toLowerCase())
    expect(documented.filter((name) => !seen.has(name) && !elsewhere.includes(name))).toEqual([])
  })
})

describe('S55 an address of the inside', () => {
  test('is asked for by no operation: none takes one', () => {
    const takers = operations.flatMap(({ id, body, parameters }) =>
      [...leavesOf(body ?? {}).map(({ path }) => String(path.at(-1))), ...parameters.map(({ name }) => name)]
        .filter((name) => /ur[il]|href|link|host|callback|webhook|redirect|path/i.test(name))
        .map((name) => `${id} ${name}`),
    )
    expect(takers).toEqual([])
  })

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]:1/',
    'http://127.1/',
    'file:///etc/passwd',
  ])('is no picture: %s', async (url) => {
    const { productId, seller } = market
    const answer = await ask(
      operationOf('inventory addImage'),
      { params: { productId }, body: new TextEncoder().encode(url) },
      sessionOf(seller),
    )
    expect(`${answer.status} ${codeOf(answer)}`).toBe('415 not-an-image')
  })

  test('in a picture that draws by itself is no picture either', async () => {
    const { productId, seller } = market
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://169.254.169.254/"/></svg>'
    const call = { params: { productId }, body: new TextEncoder().encode(svg) }
    for (const type of ['image/png', 'image/svg+xml']) {
      const headers = { 'content-type': type }
      const answer = await ask(operationOf('inventory addImage'), { ...call, headers }, sessionOf(seller))
      expect(answer.status).toBe(415)
    }
  })
})

describe('S64 a secret of a service', () => {
  const secrets = Object.values(environments).flatMap((environment) =>
    Object.entries(environment)
      .filter(([name, value]) => /PEPPER|SECRET|KEY$/.test(name) && value.length >= SECRET_LENGTH_MIN)
      .map(([, value]) => value),
  )

  test('is in the command line of no process', async () => {
    expect(secrets.length).toBeGreaterThan(5)
    const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
    for (const pid of pids) {
      // A process may have ended meanwhile, and others' are none of our business.
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      expect(secrets.some((secret) => line.includes(secret))).toBe(false)
    }
  })

  test('is not in what is under version control, nor is anything that looks like one', () => {
    const found = spawnSync('git', [
      'grep',
      '-lE',
      'bzk_(prod|live)_[0-9a-f]{16}_[A-Za-z0-9_-]{43}|-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}',
    ])
    expect(found.stdout.toString()).toBe('')
    for (const secret of secrets) {
      const { status } = spawnSync('git', ['grep', '-qF', '-e', secret])
      expect(status).toBe(1)
    }
  })
})
