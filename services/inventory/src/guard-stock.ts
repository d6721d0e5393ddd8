import type { Deps } from './deps.ts'
import { InvariantViolation } from './errors.ts'

/**
 * Does work that moves stock. Should it notice that something is not as it must always be, then nothing was
 * changed, and whoever operates the service is told: in the log, and by `invariant_violation_total`.
 */
export async function guardStock<T>(deps: Pick<Deps, 'log' | 'metrics'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InvariantViolation) {
      deps.metrics.invariantViolations.inc({ invariant: error.invariant })
      deps.log.fatal({ error, invariant: error.invariant }, 'an invariant was about to be broken')
    }
    throw error
  }
}
