import { describe, expect, test } from 'bun:test'
import { inventoryApi } from '../../api/inventory.ts'
import { refuseUnacceptable } from './headers.ts'

const { readProduct, readImage } = inventoryApi.operations

function isRefused(operation: Parameters<typeof refuseUnacceptable>[0], accept: string): boolean {
  try {
    refuseUnacceptable(operation, new Request('http://localhost/', { headers: { accept } }))
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: 'not-acceptable' })
    return true
  }
}

describe('refuseUnacceptable()', () => {
  test.each([
    '',
    '*/*',
    'application/*',
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/problem+json',
    'Application/Problem+JSON;q=0.1',
    'text/html, */*;q=0.1',
    'application/json;q=0.5, */*;q=0',
    'image/webp, application/json;q=0.001',
  ])('answers with JSON whoever accepts %p', (accept) => {
    expect(isRefused(readProduct, accept)).toBe(false)
  })

  test.each([
    'text/html',
    'image/png',
    '*/*;q=0',
    'application/json;q=0, */*',
    'application/*;q=0, */*',
    'application/json;q=0, application/*;q=0.0',
    'application/problem+json;q=0',
    'application/xml, text/*;q=0.5',
    'json',
    ';;=,,"',
  ])('refuses to answer with JSON whoever accepts %p', (accept) => {
    expect(isRefused(readProduct, accept)).toBe(true)
  })

  test.each([
    ['image/webp', false],
    ['image/avif,image/webp,*/*;q=0.8', false],
    ['image/*', false],
    ['image/webp;q=0, image/*', true],
    ['application/json', true],
    ['application/problem+json', true],
  ])('of a picture whoever accepts %p: %p', (accept, refused) => {
    expect(isRefused(readImage, accept)).toBe(refused)
  })
})
