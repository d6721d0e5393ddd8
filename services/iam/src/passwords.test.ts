import { beforeAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { hash } from '@node-rs/bcrypt'
import { createPasswords, type Passwords } from './passwords.ts'

const options = { pepper: 'a pepper that only the tests know 123', cost: 4 }

let passwords: Passwords

beforeAll(async () => {
  passwords = await createPasswords(options)
})

describe('matches()', () => {
  test('S02 is false for a password with any one byte changed, wherever it is', async () => {
    const password = 'Aa1-'.repeat(64)
    const hash = await passwords.hash(password)
    expect(await passwords.matches(password, hash)).toBe(true)
    for (let index = 0; index < password.length; index += 1) {
      const other = `${password.slice(0, index)}${password[index] === 'x' ? 'y' : 'x'}${password.slice(index + 1)}`
      expect(await passwords.matches(other, hash)).toBe(false)
    }
  })

  test.each([
    ['the 73rd byte is missing', 'x'.repeat(73), 'x'.repeat(72)],
    ['it goes on after a NUL', 'owls at dusk\u0000one', 'owls at dusk\u0000two'],
    ['a letter is a capital', 'owls at dusk', 'Owls at dusk'],
    ['a blank is added', 'owls at dusk', 'owls at dusk '],
  ])('is false when %s', async (_, password, other) => {
    const hash = await passwords.hash(password)
    expect(await passwords.matches(other, hash)).toBe(false)
    expect(await passwords.matches(password, hash)).toBe(true)
  })

  test.each(['NFC', 'NFD'] as const)('is true however the accents are composed, set as %s', async (form) => {
    const password = 'Cr\u00e8me br\u00fbl\u00e9e 2026'
    const stored = await passwords.hash(password.normalize(form))
    for (const typed of [
      password.normalize('NFC'),
      password.normalize('NFD'),
      'Cre\u0300me br\u00fbl\u00e9e 2026',
    ])
      expect(await passwords.check(typed, stored)).toBe('right')
    for (const other of [
      'Creme br\u00fbl\u00e9e 2026',
      'Cr\u00e8me\u00a0br\u00fbl\u00e9e 2026',
      'Cr\u00e8me br\u00fbl\u00e9e \uff12026',
    ])
      expect(await passwords.check(other, stored)).toBe('wrong')
  })

  test.each(['NFD', 'mixed'])(
    'is true for a password that was hashed as %s before it was composed',
    async (form) => {
      const password = 'Cr\u00e8me br\u00fbl\u00e9e 2026'
      const typed = form === 'NFD' ? password.normalize('NFD') : 'Cre\u0300me br\u00fbl\u00e9e 2026'
      const keyed = createHmac('sha384', options.pepper).update(typed).digest('base64')
      const earlier = await hash(keyed, { cost: options.cost })
      expect(await passwords.check(typed, earlier)).toBe('previous')
      expect(await passwords.check(password, earlier)).toBe(form === 'NFD' ? 'previous' : 'wrong')
      expect(await passwords.check('Creme brulee 2026', earlier)).toBe('wrong')
    },
  )

  test('is false under another pepper', async () => {
    const others = await createPasswords({ ...options, pepper: 'quite another pepper, just as long' })
    expect(await others.matches('owls at dusk', await passwords.hash('owls at dusk'))).toBe(false)
  })

  test('is false for nobody, after the work of a real check', async () => {
    const slower = await createPasswords({ ...options, cost: 10 })
    const hash = await slower.hash('owls at dusk')
    const known: number[] = []
    const unknown: number[] = []
    for (let sample = 0; sample < 5; sample++) {
      known.push(await workOf(() => slower.matches('wrong', hash)))
      unknown.push(await workOf(() => slower.matches('wrong', undefined)))
    }
    expect(await slower.matches('nobody has this password', undefined)).toBe(false)
    // Without the work it would be a thousandth.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2)
  })
})

describe('isCommon()', () => {
  test('S04 knows all of the list, in any letters', () => {
    const list = readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8').split('\n')
    const common = list.filter(Boolean)
    expect(common.length).toBeGreaterThanOrEqual(3_000)
    for (const password of common) {
      expect(passwords.isCommon(password)).toBe(true)
      expect(passwords.isCommon(password.toUpperCase())).toBe(true)
    }
  })

  test('leaves others alone', () => {
    expect(passwords.isCommon('tall green lamps 7')).toBe(false)
  })
})

test('isOutdated() compares the cost of the hash with the one of today', async () => {
  const dearer = await createPasswords({ ...options, cost: 5 })
  const hash = await passwords.hash('owls at dusk')
  expect(passwords.isOutdated(hash)).toBe(false)
  expect(dearer.isOutdated(hash)).toBe(true)
})

test('S05 more hashing than can be done soon is refused, and then goes on', async () => {
  const jobs = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.hash('owls at dusk')))
  const refused = jobs.filter((job) => job.status === 'rejected')
  expect(refused.length).toBeWithin(1, 100)
  expect(refused[0]?.reason).toMatchObject({ code: 'too-many-requests', retryAfterSeconds: 2 })
  expect(await passwords.hash('owls at dusk')).toStartWith('$2b$04$')
})

/** How long this process kept a core busy, in microseconds; a wait for others that are busy does not count. */
async function workOf(job: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await job()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
