/** Ids in the pacts. They are fixed, so that the same contract is always the same file. */
export const IDS = {
  buyer: '019cd1f0-0000-7000-8000-0000000000b1',
  seller: '019cd1f0-0000-7000-8000-0000000000c1',
  address: '019cd1f0-0000-7000-8000-0000000000d1',
  product: '019cd1f0-0000-7000-8000-0000000000e1',
  otherProduct: '019cd1f0-0000-7000-8000-0000000000e2',
  order: '019cd1f0-0000-7000-8000-0000000000f1',
  cancellation: '019cd1f0-0000-7000-8000-0000000000f2',
  event: '019cd1f0-0000-7000-8000-0000000000f3',
} as const

/** An API key in the form of a real one. It opens nothing until a provider state lets it. */
export function exampleKey(number: number): string {
  return `bzk_test_${String(number).padStart(16, '0')}_${'a-key-that-only-contracts-know'.padEnd(43, '-')}`
}

/** A session key in the form of a real one. */
export function exampleSession(number: number): string {
  return `a-session-that-only-contracts-know-${number}`.padEnd(43, '-')
}
