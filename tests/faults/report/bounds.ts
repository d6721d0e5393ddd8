/** How soon something must work again after a fault of a kind. */
export type Bound = { what: 'first order' | '99 of 100'; withinMs: number }

const HEALED: Bound = { what: '99 of 100', withinMs: 5_000 }
const DATABASE: Bound = { what: 'first order', withinMs: 1_000 }
const REDIS: Bound = { what: 'first order', withinMs: 2_000 }

/** The bounds of faults that have one of their own, by the beginning of their names. */
const BOUNDS: Readonly<Record<string, Bound>> = { F20: DATABASE, F21: DATABASE, F60: REDIS, F63: REDIS }

/** The bound for a kind of fault: five seconds until everything works, where it has none of its own. */
export function boundOf(kind: string): Bound {
  return Object.entries(BOUNDS).find(([name]) => kind.startsWith(name))?.[1] ?? HEALED
}
