import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { readJson, writeJson } from '../json-file.ts'
import { privateFolder } from '../paths.ts'

const FILE = join(privateFolder, 'suite-times.json')
const timesSchema = Type.Record(Type.String(), Type.Number({ minimum: 0 }))

/** The time that each suite took when it last passed on this machine, in milliseconds. */
export type Times = Readonly<Record<string, number>>

/** The times of earlier runs; none before the first. */
export async function readTimes(): Promise<Times> {
  return (await readJson(FILE, timesSchema)) ?? {}
}

/** Stores the times of the suites, beside those of others. */
export async function keepTimes(times: Times): Promise<void> {
  await writeJson(FILE, { ...(await readTimes()), ...times })
}

/** The total time of the suites, or undefined when one of them has never passed here. */
export function forecastMs(names: readonly string[], times: Times): number | undefined {
  const all = names.map((name) => times[name])
  return all.some((ms) => ms === undefined) ? undefined : all.reduce<number>((sum, ms = 0) => sum + ms, 0)
}

/** The progress of a run: `5 of 15 · 1:32 of about 4:50`. */
export function whereIn(run: {
  number: number
  count: number
  passedMs: number
  totalMs: number | undefined
}): string {
  const total = run.totalMs === undefined ? '' : ` of about ${clock(run.totalMs)}`
  return `${run.number} of ${run.count} · ${clock(run.passedMs)}${total}`
}

/** Minutes and seconds, as a clock shows them. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
