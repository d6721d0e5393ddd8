import { expect, test } from 'bun:test'
import { readKeptForm, writeKeptForm } from './kept-form.ts'

test('readKeptForm() reads what writeKeptForm() wrote', () => {
  const entries = [
    ['line', 'a "1'],
    ['line', 'b 2'],
  ] as const
  expect(readKeptForm(writeKeptForm('/checkout', { entries }))).toEqual({ path: '/checkout', entries })
})

test.each([
  '',
  'x',
  'null',
  '{}',
  '{"path":"//evil.example","entries":[]}',
  '{"path":"https://evil.example/","entries":[]}',
  '{"path":"javascript:alert(1)","entries":[]}',
  '{"path":"/","entries":[["a"]]}',
  '{"path":"/","entries":[["a",1]]}',
  '{"path":"/","entries":"a"}',
])('readKeptForm() makes nothing of %p', (text) => {
  expect(readKeptForm(text)).toBeUndefined()
})
