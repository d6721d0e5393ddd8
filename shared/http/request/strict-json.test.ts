import { describe, expect, test } from 'bun:test'
import { DomainError } from '../../problem.ts'
import { parseStrictJson } from './strict-json.ts'

/** How a text is refused: the code, and the first field error. */
function refusalOf(text: string): unknown {
  try {
    return { value: parseStrictJson(text) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return [error.code, error.errors?.[0]]
  }
}

describe('parseStrictJson()', () => {
  test.each<[string, unknown]>([
    ['{}', {}],
    ['[]', []],
    [
      ' {"a" : [1, -2.5, 1e3, 0, -0, 0.0, 1E-2, true, null, "x"] , "b":{"a":1}} ',
      { a: [1, -2.5, 1000, 0, -0, 0, 0.01, true, null, 'x'], b: { a: 1 } },
    ],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['{"a":"{\\"a\\":1,\\"a\\":2}"}', { a: '{"a":1,"a":2}' }],
    ['{"a":"1e999, \\\\","b":"\\ud83d\\ude00 😀"}', { a: '1e999, \\', b: '😀 😀' }],
    ['999999999999999', 999_999_999_999_999],
    ['0.00000000000000000000001', 1e-23],
    ['"x"', 'x'],
  ])('reads %s', (text, value) => {
    expect(parseStrictJson(text)).toEqual(value)
  })

  test.each([
    ['', 'malformed-json', undefined],
    ['{"a":1,}', 'malformed-json', undefined],
    ["{'a':1}", 'malformed-json', undefined],
    ['[NaN]', 'malformed-json', undefined],
    ['{"a":1} x', 'malformed-json', undefined],
    ['[01]', 'malformed-json', undefined],
    ['{"a":1,"a":1}', 'malformed-json', { pointer: '', code: 'duplicate-key' }],
    ['{"a":1,"b":2,"\\u0061":3}', 'malformed-json', { pointer: '', code: 'duplicate-key' }],
    ['{"x":[0,{"a":{},"a":1}]}', 'malformed-json', { pointer: '/x/1', code: 'duplicate-key' }],
    ['{"__proto__":1,"__proto__":2}', 'malformed-json', { pointer: '', code: 'duplicate-key' }],
    ['{"a":1e999}', 'validation-failed', { pointer: '/a', code: 'number-not-exact' }],
    [
      '{"a":[1,{"b":9007199254740993}]}',
      'validation-failed',
      { pointer: '/a/1/b', code: 'number-not-exact' },
    ],
    ['{"a":0.99999999999999999}', 'validation-failed', { pointer: '/a', code: 'number-not-exact' }],
    ['{"a":1e-400}', 'validation-failed', { pointer: '/a', code: 'number-not-exact' }],
    ['-123456789012345678901234567890', 'validation-failed', { pointer: '', code: 'number-not-exact' }],
    ['{"a/b~":"\\u0000"}', 'validation-failed', { pointer: '/a~1b~0', code: 'unstorable-text' }],
    ['{"a":"\\ud800"}', 'validation-failed', { pointer: '/a', code: 'unstorable-text' }],
    ['{"\\udc00":1}', 'validation-failed', expect.objectContaining({ code: 'unstorable-text' })],
    [`${'['.repeat(17)}${']'.repeat(17)}`, 'malformed-json', undefined],
    [`${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)}`, 'malformed-json', undefined],
    ['['.repeat(30_000), 'malformed-json', undefined],
  ])('refuses %s', (text, code, error) => {
    expect(refusalOf(text)).toEqual([code, error])
  })
})
