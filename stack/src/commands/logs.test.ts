import { expect, test } from 'bun:test'
import { prettyLine } from './logs.ts'

test('prettyLine() shows a log entry as time, level, service, message and the rest', () => {
  const line = '{"level":"warn","time":"2026-06-01T10:20:30.405Z","service":"order","msg":"late","tries":3}'
  expect(prettyLine(line)).toBe('10:20:30.405 WARN  order     late  tries=3')
})

test('prettyLine() leaves anything else as it is', () => {
  for (const line of ['plain text', '{"level":30}', '{"level":"info","time":"2026-0']) {
    expect(prettyLine(line)).toBe(line)
  }
})
