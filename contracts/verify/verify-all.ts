import { rm } from 'node:fs/promises'
import { recordsFolder } from '../folders.ts'
import { SERVICES } from '../providers/start.ts'
import { runChild } from './child.ts'
import { listRecords, type VerificationRecord } from './records.ts'

/** As many providers as there are cores at the least. */
const AT_ONCE = 2

/**
 * Verifies every provider anew.
 * @throws {Error} with its output when a verification ended before its time.
 */
export async function verifyAll(services: readonly string[] = SERVICES): Promise<VerificationRecord[]> {
  await rm(recordsFolder, { recursive: true, force: true })
  const waiting = [...services]
  async function work(): Promise<void> {
    for (let service = waiting.shift(); service !== undefined; service = waiting.shift()) {
      const { status, output } = await runChild(['contracts/verify/verify-provider.ts', service])
      if (status !== 0) throw new Error(`The verification of ${service} broke off:\n${output}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return listRecords(recordsFolder)
}
