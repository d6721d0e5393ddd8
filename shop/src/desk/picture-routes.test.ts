import { expect, test } from 'bun:test'
import { moved } from './picture-routes.tsx'

test.each([
  ['c', 'front', 'cabd'],
  ['c', 'earlier', 'acbd'],
  ['c', 'later', 'abdc'],
  ['a', 'front', 'abcd'],
  ['a', 'earlier', 'abcd'],
  ['d', 'later', 'abcd'],
  ['x', 'front', 'abcd'],
] as const)('moved() of %p %p: %p', (id, to, expected) => {
  expect(moved([...'abcd'], { id, to }).join('')).toBe(expected)
})
