import { describe, expect, test } from 'bun:test'
import type { OperationRow } from './operation-row.ts'
import { type Input, newKey, type Options, prepare } from './request.ts'

function prepared(operation: OperationRow, input: Input, options: Options = {}, session?: string) {
  return prepare(operation, { baseUrl: 'http://shop.example/api/', input, options, session })
}

describe('prepare()', () => {
  test('puts parameters into the path, and the rest into the query', () => {
    const operation = { method: 'GET', path: '/products/:productId/stock-movements' } as const
    const { url, body } = prepared(operation, { productId: 'a/b', limit: 5, cursor: undefined })
    expect(url).toBe('http://shop.example/api/products/a%2Fb/stock-movements?limit=5')
    expect(body).toBeUndefined()
  })

  test('puts the rest into the body of a change, with its key and the ETag', () => {
    const operation = {
      method: 'POST',
      path: '/orders/:orderId/cancel',
      sends: 'json',
      takesKey: true,
    } as const
    const { url, body, headers } = prepared(operation, { orderId: '1', reason: 'late' }, { ifMatch: '"3"' })
    expect([url, body]).toEqual(['http://shop.example/api/orders/1/cancel', '{"reason":"late"}'])
    expect(headers.get('if-match')).toBe('"3"')
    expect(headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/)
  })

  test('sends the session only where it is asked for', () => {
    const open = { method: 'GET', path: '/home' } as const
    expect(prepared(open, {}, {}, 'secret').headers.get('session')).toBeNull()
    expect(prepared({ ...open, needsSession: true }, {}, {}, 'secret').headers.get('session')).toBe('secret')
  })

  test('calls a nameless file a picture, and keeps the name of another', () => {
    const operation = { method: 'POST', path: '/images', sends: 'picture' } as const
    const typeOf = (image: unknown) => prepared(operation, { image }).headers.get('content-type')
    expect(typeOf(new Uint8Array(3))).toBe('image/png')
    expect(typeOf(new Blob([], { type: 'image/webp' }))).toBe('image/webp')
  })

  test('refuses to leave a parameter out of the path', () => {
    expect(() => prepared({ method: 'GET', path: '/orders/:orderId' }, {})).toThrow(
      'Say which orderId is meant',
    )
  })
})

test('newKey() never makes the same key twice', () => {
  expect(new Set(Array.from({ length: 100 }, newKey)).size).toBe(100)
})
