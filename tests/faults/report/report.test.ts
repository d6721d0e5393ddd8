import { expect, test } from 'bun:test'
import { goodRun } from '../checkers/good-run.ts'
import type { Entry, Outcome } from '../history/history.ts'
import { judge } from '../judge.ts'
import { figuresOf } from './figures.ts'
import { graphsPage } from './graphs.ts'
import { kindOf, recoveriesOf } from './recovery.ts'
import { summaryOf } from './summary.ts'

/** An attempt at placing an order that was sent at a time and took a tenth of a second. */
function attempt(atMs: number, type: Outcome): Entry[] {
  const entry = { process: 'client-1', f: 'place', key: `key-${atMs}`, attempt: 1 }
  return [
    { ...entry, type: 'invoke', value: {}, tMs: atMs },
    { ...entry, type, value: { status: type === 'ok' ? 201 : 503 }, tMs: atMs + 100 },
  ]
}

function fault(f: string, beganMs: number, healedMs: number, end: 'ok' | 'fail' = 'ok'): Entry[] {
  const entry = { process: 'nemesis', f, key: `${f} ${beganMs}`, value: {} }
  return [
    { ...entry, type: 'invoke', tMs: beganMs },
    { ...entry, type: end, tMs: healedMs },
  ]
}

test('figuresOf() counts the faults that came about', () => {
  const history = [...fault('F20 database killed', 0, 1_000), ...fault('F06 no occasion', 0, 10, 'fail')]
  expect(figuresOf([...history, ...attempt(5_000, 'ok')]).faults).toEqual([
    { kind: 'F20 database killed', key: 'F20 database killed 0', beganMs: 0, healedMs: 1_000 },
  ])
})

test('recoveriesOf() measures from the end of a fault to the first order and to the last failure', () => {
  const history = [
    ...attempt(0, 'ok'),
    ...fault('F20 database killed', 500, 1_000),
    ...attempt(900, 'info'),
    ...attempt(1_200, 'info'),
    ...attempt(1_400, 'ok'),
    ...attempt(1_600, 'info'),
    ...Array.from({ length: 20 }, (_, index) => attempt(2_000 + index * 100, 'ok')).flat(),
  ]
  const [recovery] = recoveriesOf(figuresOf(history))
  expect(recovery).toMatchObject({ kind: 'F20 database killed', faults: 1, alone: 1 })
  expect(recovery?.orderMs.max).toBe(500)
  expect(recovery?.mostMs.max).toBe(600)
})

test('recoveriesOf() learns nothing about a fault from what another one breaks', () => {
  const history = [
    ...fault('F20 database killed', 500, 1_000),
    ...fault('F63 redis paused', 900, 3_000),
    ...Array.from({ length: 60 }, (_, index) => attempt(index * 100, index < 32 ? 'info' : 'ok')).flat(),
  ]
  const [database, redis] = recoveriesOf(figuresOf(history))
  expect(database?.alone).toBe(0)
  expect(redis?.alone).toBe(1)
  expect(redis?.orderMs.max).toBe(300)
})

test('recoveriesOf() takes nothing for a failure of a fault that the next one broke off', () => {
  const history = [
    ...fault('F20 database killed', 500, 1_000),
    ...Array.from({ length: 39 }, (_, index) => attempt(1_100 + index * 100, 'ok')).flat(),
    ...attempt(4_950, 'info'),
    ...fault('F63 redis paused', 5_000, 5_500),
    ...attempt(9_000, 'ok'),
  ]
  const [database] = recoveriesOf(figuresOf(history))
  expect(database).toMatchObject({ alone: 1, mostMs: { max: 0 } })
})

test('kindOf() leaves out at which step and in which direction', () => {
  expect(kindOf('F03 order killed at confirm.after-answer')).toBe('F03 order killed')
  expect(kindOf('F71 order parted from inventory (black-hole)')).toBe('F71 order parted from inventory')
  expect(kindOf('F21 database killed at a commit of inventory')).toBe(
    'F21 database killed at a commit of inventory',
  )
})

test('summary and graphs show what the run was', () => {
  const evidence = goodRun()
  const figures = figuresOf(evidence.history)
  const recoveries = recoveriesOf(figures)
  const summary = summaryOf({ about: { seed: 'x-1' }, judgement: judge(evidence), figures, recoveries })
  expect(summary).toContain('| seed | x-1 |')
  expect(summary).toContain('| valid | **true** |')
  expect(summary).not.toContain('NaN')
  const page = graphsPage('A run', figures, recoveries)
  expect(page).not.toMatch(/NaN|undefined|https?:/)
  expect(page.match(/<svg/g)).toHaveLength(3)
})
