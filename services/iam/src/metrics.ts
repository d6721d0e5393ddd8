import { gauge } from '@bazaar/shared/telemetry/counters'
import type { Metrics } from '@bazaar/shared/telemetry/metrics'
import type { Passwords } from './passwords.ts'

/** Shows how much hashing is being done and how much waits for its turn: past its bound, log-ins are refused. */
export function watchPasswords(
  { registry }: Pick<Metrics, 'registry'>,
  passwords: Pick<Passwords, 'load'>,
): void {
  gauge({
    registry,
    name: 'password_hashes_working',
    help: 'Passwords that are being hashed or checked now',
    read: () => passwords.load().working,
  })
  gauge({
    registry,
    name: 'password_hashes_waiting',
    help: 'Passwords that wait to be hashed or checked',
    read: () => passwords.load().waiting,
  })
}
