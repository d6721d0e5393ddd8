import { accountFaults } from './account-faults.ts'
import { brokerFaults } from './broker-faults.ts'
import { databaseFaults } from './database-faults.ts'
import type { Fault } from './fault.ts'
import {
  clientFaults,
  lostAnswerFaults,
  networkFaults,
  partitionFaults,
  tornFaults,
} from './network-faults.ts'
import { redisFaults } from './redis-faults.ts'
import { consumerKilledOften, gatheredFaults, processFaults, stepFaults } from './service-faults.ts'

/** Every fault that there is. */
export const FAULTS: readonly Fault[] = [
  ...processFaults,
  ...stepFaults,
  ...gatheredFaults,
  ...accountFaults,
  consumerKilledOften,
  ...databaseFaults,
  ...redisFaults,
  ...brokerFaults,
  ...networkFaults,
  ...partitionFaults,
  ...clientFaults,
  ...lostAnswerFaults,
  ...tornFaults,
]

/** The faults that stand for some rows of the matrix. */
export function faultsOf(rows: readonly string[]): Fault[] {
  return FAULTS.filter((fault) => fault.rows.some((row) => rows.includes(row)))
}
