import { expect, test } from 'bun:test'
import { movedForward } from './shelf-routes.tsx'

test.each([
  ['c', true, 'cabd'],
  ['c', false, 'acbd'],
  ['a', true, 'abcd'],
  ['a', false, 'abcd'],
  ['x', true, 'abcd'],
])('movedForward() of %p, to the front %p: %p', (id, isToFront, expected) => {
  expect(movedForward([...'abcd'], { id, isToFront }).join('')).toBe(expected)
})
