import type { Fault } from './fault.ts'
import { brokerFaults } from './faults-broker.ts'
import { databaseFaults } from './faults-database.ts'
import {
  clientFaults,
  lostAnswerFaults,
  networkFaults,
  partitionFaults,
  tornAnswers,
} from './faults-network.ts'
import { redisFaults } from './faults-redis.ts'
import { consumerKilledOften, processFaults, stepFaults } from './faults-services.ts'

/** Every fault that there is. */
export const FAULTS: readonly Fault[] = [
  ...processFaults,
  ...stepFaults,
  consumerKilledOften,
  ...databaseFaults,
  ...redisFaults,
  ...brokerFaults,
  ...networkFaults,
  ...partitionFaults,
  ...clientFaults,
  ...lostAnswerFaults,
  tornAnswers,
]

/** The faults that stand for some rows of the matrix. */
export function faultsOf(rows: readonly string[]): Fault[] {
  return FAULTS.filter((fault) => fault.rows.some((row) => rows.includes(row)))
}
