import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { noteSent } from '@bazaar/shared/testing/sent-problems'
import { declaredProblems } from './declared.ts'
import { faultsIn } from './judge.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

const declared = new Set(['order placeOrder 409 out-of-stock', 'order readOrder 404 not-found'])

describe('faultsIn()', () => {
  test('finds nothing when what is declared was sent, and nothing else', () => {
    expect(faultsIn(declared, declared)).toEqual({ undeclared: [], unsent: [] })
  })

  test.each([
    ['a code that the operation does not declare', 'order readOrder 409 out-of-stock'],
    ['a code with another status', 'order readOrder 410 not-found'],
    ['the problem of another service', 'user readOrder 404 not-found'],
    ['a failure before the operation was known', 'order - 500 internal-error'],
  ])('finds %s that was sent', (_, odd) => {
    expect(faultsIn(new Set([...declared, odd]), declared)).toEqual({ undeclared: [odd], unsent: [] })
  })

  test('finds what is declared and was not sent', () => {
    const [kept = '', left = ''] = declared
    expect(faultsIn(new Set([kept]), declared)).toEqual({ undeclared: [], unsent: [left] })
  })

  test('lets the refusal of a path that leads nowhere pass, and takes it for that of no operation', () => {
    const sent = new Set(['order placeOrder 409 out-of-stock', 'order - 404 not-found'])
    expect(faultsIn(sent, declared)).toEqual({ undeclared: [], unsent: ['order readOrder 404 not-found'] })
  })
})

test('declaredProblems() knows those of services and those that services have for each other', () => {
  const found = declaredProblems()
  expect(found).toContain('order placeOrder 409 out-of-stock')
  expect(found).toContain('iam issueApiKey 422 unknown-scope')
  expect(found).toContain('inventory placeReservation 409 reservation-expired')
  expect(found.size).toBeGreaterThan(800)
})

describe('noteSent()', () => {
  const refusal = {
    level: 30,
    service: 'order',
    operation: 'readOrder',
    status: 404,
    code: 'not-found',
    msg: 'request',
  }
  test.each([
    ['a refusal', refusal, 'order readOrder 404 not-found\n'],
    ['a refusal at the door', { ...refusal, operation: undefined }, 'order - 404 not-found\n'],
    ['a success', { ...refusal, status: 200, code: undefined }, ''],
    ['something else', { ...refusal, msg: 'listening' }, ''],
  ])('of %s', (_, line, noted) => {
    const folder = mkdtempSync(join(tmpdir(), 'bazaar-sent-'))
    for (const text of [JSON.stringify(line), JSON.stringify(line), 'no JSON']) noteSent(text, folder)
    const found = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    rmSync(folder, { recursive: true })
    expect(found.join('')).toBe(noted)
  })
})

describe('the suite `problems`', () => {
  const all = [...declaredProblems()]
  test.each([
    ['passes when all was sent', all, '', 0, `${all.length} were sent`],
    ['fails when one was not sent', all.slice(1), '', 1, `no test has it sent: ${all[0]}`],
    ['fails when another was sent', [...all, 'order readOrder 418 teapot'], '', 1, 'readOrder 418 teapot'],
    ['does not judge when a suite is missing', all, 'user iam', 1, 'did not pass: user, iam'],
  ])('%s', (_, sent, without, status, says) => {
    const folder = mkdtempSync(join(tmpdir(), 'bazaar-sent-'))
    writeFileSync(join(folder, '1.txt'), `${sent.join('\n')}\n`)
    const { status: found, stdout } = spawnSync(process.execPath, [MAIN], {
      env: { ...process.env, BAZAAR_SENT: folder, BAZAAR_SENT_WITHOUT: without },
      encoding: 'utf8',
    })
    rmSync(folder, { recursive: true })
    expect(stdout).toContain(says)
    expect(found).toBe(status)
  })
})
