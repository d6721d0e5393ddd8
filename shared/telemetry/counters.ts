import { Counter, Gauge, type Registry } from 'prom-client'

/** Where numbers are shown, and how what is shown is called. `help` is for people. */
type Shown = { registry: Registry; name: string; help: string }

/** Counts something, from 0 on: so the first one is seen to grow. */
export type Count = { inc: () => void }

/** Counts something by one label. */
export type CountBy = { inc: (value: string) => void }

/** A sum by one label, such as of money by its currency. */
export type SumBy = { add: (value: string, amount: number) => void }

/** Counts under one name. */
export function count({ registry, ...shown }: Shown): Count & { add: (amount: number) => void } {
  const counter = new Counter({ ...shown, registers: [registry] })
  return { inc: () => counter.inc(), add: (amount) => counter.inc(amount) }
}

/**
 * Counts by the values of one label, each from 0 on. There are no others: what else comes is counted as `other`, so that
 * no caller can make the service show ever more series.
 */
export function countBy(shown: Shown & { label: string; values: readonly string[] }): CountBy {
  const { registry, label, values, name, help } = shown
  const counter = new Counter({ name, help, labelNames: [label], registers: [registry] })
  const known = new Set(values)
  for (const value of known) counter.inc({ [label]: value }, 0)
  return { inc: (value) => counter.inc({ [label]: known.has(value) ? value : 'other' }) }
}

/** Adds up by the values of one label, of which there are few by themselves. A sum is shown from its first amount on. */
export function sumBy({ registry, label, ...shown }: Shown & { label: string }): SumBy {
  const counter = new Counter({ ...shown, labelNames: [label], registers: [registry] })
  return { add: (value, amount) => counter.inc({ [label]: value }, amount) }
}

/** Shows a number that is read when somebody looks. */
export function gauge({ registry, read, ...shown }: Shown & { read: () => number }): void {
  new Gauge({
    ...shown,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })
}
