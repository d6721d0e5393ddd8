import { expect, test } from 'bun:test'
import { mutantsOf } from './mutants.ts'

/** What becomes of a source, mistake by mistake. */
const sourcesOf = (source: string) => mutantsOf(source).map((mutant) => mutant.source)

test.each([
  ['a < b && !c', ['a < b || !c', 'a <= b && !c', 'a < b && c', ';']],
  ['x = a ? 1 : b', [';', 'x = true ? 1 : b', 'x = false ? 1 : b', 'x = a ? 2 : b']],
  [
    'if (list.some(f)) throw e',
    ['if (true) throw e', 'if (false) throw e', 'if (list.every(f)) throw e', 'if (list.some(f)) ;'],
  ],
  ["const a = ['word', true]", ['const a = []', "const a = ['', true]", "const a = ['word', false]"]],
])('mutantsOf() makes of %s each mistake once', (source, mutants) => {
  expect(sourcesOf(source).toSorted()).toEqual(mutants.toSorted())
})

test.each([
  ["import { a } from 'b'"],
  ["type A = 'b' | 1"],
  ['const a = {} as const satisfies B<1>'],
  ["const a = 'a whole sentence'"],
  ["const a = new DomainError(b, 'no' + c)"],
  ['const { a, b: c } = d'],
])('mutantsOf() makes no mistake in %s', (source) => {
  expect(sourcesOf(source)).toEqual([])
})

test('mutantsOf() says where a mistake is, and what it is', () => {
  expect(mutantsOf('const a = 1\nexport function b() {\n  return (a) > (2)\n}')).toMatchObject([
    { line: 1, within: 'a', from: '1', to: '2' },
    { line: 3, within: 'b', from: '>', to: '>=' },
    { line: 3, within: 'b', from: '2', to: '3' },
  ])
})
