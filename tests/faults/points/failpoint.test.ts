import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createFailpoints, FAILPOINTS_SERVICE_VARIABLE, FAILPOINTS_VARIABLE, failpoint } from './failpoint.ts'

const POINT = { service: 'order', name: 'place-order.before-keep' }
const folder = mkdtempSync(join(tmpdir(), 'failpoints-'))
const failpoints = createFailpoints(folder)
process.env[FAILPOINTS_VARIABLE] = folder
process.env[FAILPOINTS_SERVICE_VARIABLE] = POINT.service

afterAll(() => {
  delete process.env[FAILPOINTS_VARIABLE]
  delete process.env[FAILPOINTS_SERVICE_VARIABLE]
  rmSync(folder, { recursive: true })
})

test('the first to pass is caught, and known, each time anew', async () => {
  for (let time = 1; time <= 2; time++) {
    const armed = failpoints.arm(POINT, { do: 'throw' })
    expect(armed.taken()).toBeUndefined()
    await expect(failpoint(POINT.name)).rejects.toThrow('thrown at place-order.before-keep')
    await failpoint(POINT.name)
    expect(armed.taken()).toBe(process.pid)
    expect(armed.disarm()).toBe(false)
  }
})

test('nobody is caught any more where it is disarmed', async () => {
  const armed = failpoints.arm(POINT, { do: 'throw' })
  expect(armed.disarm()).toBe(true)
  await failpoint(POINT.name)
})

test('a process that is held goes on when let go', async () => {
  const armed = failpoints.arm(POINT, { do: 'hold' })
  const held = failpoint(POINT.name)
  expect(armed.taken()).toBe(process.pid)
  armed.release()
  await held
})
