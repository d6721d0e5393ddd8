import type { Mutant } from './mutants.ts'

/** A mistake that no test notices, and why none could or should. */
type Explained = {
  file: string
  /** The function or constant that it is in; without a change, all that can be done to that. */
  within: string
  change?: { from: string; to: string }
  why: string
}

/** All of them; one that no longer explains anything fails the run. */
const EXPLAINED: readonly Explained[] = [
  {
    file: 'services/order/src/orders/order.ts',
    within: 'cancel',
    change: { from: '0', to: '1' },
    why: 'With one part, of which something is left, the state of the part is that of the order.',
  },
  {
    file: 'services/order/src/payment/payment.ts',
    within: 'paymentMethod',
    change: { from: 'needed', to: 'true' },
    why: 'Where nothing is needed nothing is there either: what else is sent was refused before.',
  },
  {
    file: 'services/inventory/src/stock/stock.ts',
    within: 'MOVEMENT_REASONS',
    why: 'The words of a column: the database refuses every other, so the tests with a database notice.',
  },
  {
    file: 'services/inventory/src/stock/reservable.ts',
    within: 'refuseUnlessReservable',
    change: { from: '0', to: '1' },
    why: 'A product without a level is gone, and was refused before.',
  },
  {
    file: 'services/user/src/accounts/user.ts',
    within: 'handleOf',
    change: { from: '10', to: '11' },
    why: 'The digit before the last ten of an id is above the forty bits that a handle shows.',
  },
]

/** Whether it is said why no test notices this mistake. */
export function isExplained(file: string, mutant: Mutant): boolean {
  return EXPLAINED.some((one) => one.file === file && isAbout(one, mutant))
}

/** The explanations for a file that are about none of the mistakes that nobody notices. */
export function staleFor(file: string, survivors: readonly Mutant[]): Explained[] {
  return EXPLAINED.filter((one) => one.file === file && !survivors.some((mutant) => isAbout(one, mutant)))
}

function isAbout({ within, change }: Explained, mutant: Mutant): boolean {
  if (mutant.within !== within) return false
  return change === undefined || (mutant.from === change.from && mutant.to === change.to)
}
