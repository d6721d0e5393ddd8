import { describe, expect, test } from 'bun:test'
import { complaintsAboutProblem } from '../output/judge.ts'
import { send } from '../system/ask.ts'
import { operations } from '../system/operations.ts'
import { changesBetween, settledRows } from '../system/rows.ts'
import { settingOf, urlOf } from '../system/stack.ts'
import { sendRaw, wire } from './raw.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const FOREIGN = ['https://attacker.example', 'null', 'http://127.0.0.1.attacker.example', 'http://localhost']

const places = [...Map.groupBy(operations, ({ service, path }) => `${service} ${path}`)].map(
  ([name, there]) => ({
    name,
    url: `${urlOf(there[0]?.service ?? 'iam')}${name.split(' ')[1]?.replaceAll(/\{\w+\}/g, crypto.randomUUID())}`,
    methods: there.map(({ method }) => method),
  }),
)

describe('S50 B15 a method that', () => {
  test('a path does not have is 405 there, with those it has', async () => {
    const before = await settledRows()
    const wrong: string[] = []
    for (const { name, url, methods } of places) {
      const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
      for (const method of METHODS.filter((one) => !methods.includes(one))) {
        const answer = await send(url, { method })
        const found = (answer.headers.get('allow') ?? '').split(', ').sort().join()
        if (
          answer.status !== 405 ||
          found !== [...allow].sort().join() ||
          complaintsAboutProblem(answer).length > 0
        )
          wrong.push(`${method} ${name}: ${answer.status}, Allow ${found}, ${complaintsAboutProblem(answer)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(changesBetween(before, await settledRows())).toEqual([])
  })
})

describe.each(['TRACE', 'FOO', 'PROPFIND', 'CONNECT', 'get'])('S50 B15 the method %s', (method) => {
  test('is 405, or cut off by the server in front of us', async () => {
    const { statuses, wasClosed } = await sendRaw('inventory', wire(`${method} /home`, []))
    expect(statuses.length === 1 || wasClosed).toBe(true)
    for (const status of statuses) expect([400, 405, 501]).toContain(status)
  })
})

describe('S54 B17 a page of another origin', () => {
  const origins = settingOf('user', 'CORS_ORIGINS').split(',')

  test.each(FOREIGN)('%s is told nothing, before or after', async (origin) => {
    const wrong: string[] = []
    for (const { name, url, methods } of places) {
      for (const method of ['OPTIONS', ...methods.filter((one) => one === 'GET')]) {
        const { headers } = await send(url, { method, headers: { origin, ...asking(method) } })
        const said = [...headers.keys()].filter((header) => header.startsWith('access-control-'))
        if (said.length > 0) wrong.push(`${method} ${name} says ${said}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('is told by its exact name, when it is ours, and never that cookies count', async () => {
    for (const origin of origins) {
      const { status, headers } = await send(`${urlOf('user')}/users/me`, {
        method: 'OPTIONS',
        headers: { origin, ...asking('OPTIONS') },
      })
      expect(status).toBe(204)
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('vary')?.toLowerCase()).toContain('origin')
      expect(headers.has('access-control-allow-credentials')).toBe(false)
    }
  })

  test('can change nothing with a form, which needs no permission', async () => {
    const wrong: string[] = []
    for (const { name, url } of places.filter(({ methods }) => methods.includes('POST'))) {
      for (const type of [
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'text/plain',
      ]) {
        const { status } = await send(url, { method: 'POST', headers: { 'content-type': type }, body: 'a=b' })
        if (![401, 415].includes(status)) wrong.push(`${name}: ${status} to ${type}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

function asking(method: string): Record<string, string> {
  return method === 'OPTIONS'
    ? { 'access-control-request-method': 'POST', 'access-control-request-headers': 'session' }
    : {}
}
