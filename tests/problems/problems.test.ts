import { describe, expect, test } from 'bun:test'
import { declaredProblems } from './declared.ts'
import { faultsIn } from './judge.ts'
import { unprovoked } from './unprovoked.ts'

const declared = new Set([
  'order placeOrder 409 out-of-stock',
  'order placeOrder 400 malformed-request',
  'order readOrder 404 not-found',
])
const all = new Set(declared)

describe('faultsIn()', () => {
  test('is content when all that is declared was sent', () => {
    expect(faultsIn(all, { declared, unprovoked: [] })).toEqual([])
  })

  test('finds what was sent by an operation that does not declare it', () => {
    const sent = new Set([...all, 'order readOrder 409 out-of-stock'])
    const [fault, ...others] = faultsIn(sent, { declared, unprovoked: [] })
    expect(fault).toEndWith('order readOrder 409 out-of-stock')
    expect(others).toEqual([])
  })

  test('finds what is declared and no test has sent, unless it is explained', () => {
    const sent = new Set([...all].filter((one) => !one.includes('not-found')))
    expect(faultsIn(sent, { declared, unprovoked: [] })).toHaveLength(1)
    const reason = { code: 'not-found', of: ['order readOrder'], why: 'It is always there.' }
    expect(faultsIn(sent, { declared, unprovoked: [reason] })).toEqual([])
    expect(faultsIn(sent, { declared, unprovoked: [{ ...reason, of: ['order placeOrder'] }] })).toHaveLength(
      2,
    )
  })

  test('takes what is refused at the door for refused by every operation, and no other problem', () => {
    const atTheDoor = new Set([...all].map((one) => one.replace(/placeOrder|readOrder/, '-')))
    const faults = faultsIn(atTheDoor, { declared, unprovoked: [] })
    expect(faults.map((one) => one.split(' ').at(-1))).toEqual(['out-of-stock', 'not-found'])
  })

  test('finds an explanation of what nobody declares any more', () => {
    const reason = { code: 'gone', of: 'all' as const, why: 'It went.' }
    expect(faultsIn(all, { declared, unprovoked: [reason] })).toHaveLength(1)
  })
})

test('the documents declare problems of every kind', () => {
  const found = declaredProblems()
  expect(found).toContain('order placeOrder 409 out-of-stock')
  expect(found).toContain('iam issueApiKey 422 unknown-scope')
  expect(found.size).toBeGreaterThan(500)
})

test('every problem that no test provokes is explained by a sentence, and declared', () => {
  for (const { why } of unprovoked) expect(why).toMatch(/^[A-Z].*\.$/)
  const idle = faultsIn(declaredProblems(), { declared: declaredProblems(), unprovoked })
  expect(idle).toEqual([])
})
