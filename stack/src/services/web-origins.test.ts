import { expect, test } from 'bun:test'
import { givenOrigins } from './web-origins.ts'

test('givenOrigins() reads origins, and none when there are none', () => {
  expect(givenOrigins(' http://localhost:5173, https://shop.example ,')).toEqual([
    'http://localhost:5173',
    'https://shop.example',
  ])
  expect(givenOrigins('')).toEqual([])
})

test.each(['*', 'localhost:5173', 'http://localhost:5173/', 'https://Shop.example', 'null'])(
  'givenOrigins() refuses %s',
  (text) => {
    expect(() => givenOrigins(`http://localhost:1, ${text}`)).toThrow(`Cannot use "${text}"`)
  },
)
