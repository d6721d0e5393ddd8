import { expect, test } from 'bun:test'
import { type Finding, summaryOf } from './doctor.ts'

const there: Finding = { what: 'Bun', state: '1.0.0' }
const pending: Finding = { what: 'redis', state: 'not there yet', isPending: true }
const wrong: Finding = { what: 'ports', state: 'taken', remedy: 'Stop whatever uses them.' }

test.each([
  [[there], 'Everything is ready: run ./bazaar start'],
  [[there, pending], 'Not there yet: redis. ./bazaar start installs what is missing.'],
  [[there, pending, wrong], '1 of 3 need your help.'],
])('summaryOf() says that everything is there only when it is: %#', (findings, summary) => {
  expect(summaryOf(findings)).toBe(summary)
})
