import { expect, test } from 'bun:test'
import { isFromOwnPage, ownPath } from './same-site.ts'

test.each([
  ['/orders?status=CONFIRMED#x', '/orders?status=CONFIRMED#x'],
  ['/a/../b', '/b'],
  ['', '/'],
  [undefined, '/'],
  ['orders', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/.//evil.example', '/'],
  ['/a/..//evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/\t/evil.example', '/'],
])('ownPath() makes %p %p', (given, path) => {
  expect(ownPath(given)).toBe(path)
})

const OWN = 'https://shop.example'
test.each([
  [{ 'sec-fetch-site': 'same-origin', origin: OWN }, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ origin: OWN }, true],
  [{}, false],
  [{ origin: 'null' }, false],
  [{ origin: 'https://evil.example' }, false],
  [{ 'sec-fetch-site': 'same-site', origin: OWN }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: OWN }, false],
  [{ 'sec-fetch-site': 'none', origin: OWN }, false],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, false],
])('isFromOwnPage() of %p is %p', (headers: Record<string, string>, expected) => {
  expect(isFromOwnPage(new Request(`${OWN}/x`, { method: 'POST', headers }), [OWN])).toBe(expected)
})
