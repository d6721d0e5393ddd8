import { describe, expect, test } from 'bun:test'
import { t } from 'elysia'
import { preparedFor, preparing } from './prepared.ts'

const prepare = preparing(t.Object({ stock: t.Number({ minimum: 0 }) }), (text) => ({
  etag: `"${text.length}"`,
}))

describe('preparing()', () => {
  test('keeps the text of a body and the headers made from it', () => {
    expect(preparedFor(prepare({ stock: 3 }))).toEqual({
      text: '{"stock":3}',
      headers: { 'content-type': 'application/json', etag: '"11"' },
    })
  })

  test('refuses a body that its schema does not allow, and names where', () => {
    expect(() => prepare({ stock: -1 })).toThrow('/stock')
  })

  test('has nothing for a Response of somebody else', () => {
    expect(preparedFor(new Response())).toBeUndefined()
  })
})
