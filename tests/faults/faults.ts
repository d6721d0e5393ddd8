import type { Fault } from './fault.ts'
import { brokerFaults } from './faults-broker.ts'
import { databaseFaults } from './faults-database.ts'
import {
  clientFaults,
  lostAnswerFaults,
  networkFaults,
  partitionFaults,
  tornFaults,
} from './faults-network.ts'
import { redisFaults } from './faults-redis.ts'
import { consumerKilledOften, processFaults, signUpFaults, stepFaults } from './faults-services.ts'

/** Every fault that there is. */
export const FAULTS: readonly Fault[] = [
  ...processFaults,
  ...stepFaults,
  ...signUpFaults,
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
