import { createHash } from 'node:crypto'

/** Chances that depend on nothing but a seed: the same seed, the same run of draws. */
export type Random = {
  /** At least 0, less than 1. */
  next: () => number
  /** A whole number from `low` to `high`, both included. */
  between: (low: number, high: number) => number
  /** True with this probability. */
  chance: (probability: number) => boolean
  /** One of the items. */
  pick: <T>(items: readonly T[]) => T
  /** One of the names, each as often as its weight says. */
  weighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => Name
  /** A source of its own, so that what one part draws does not change what another draws. */
  fork: (name: string) => Random
}

/** Draws from a seed (sfc32 by Chris Doty-Humphrey, which passes PractRand). */
export function seededRandom(seed: string): Random {
  const words = createHash('sha256').update(seed).digest()
  let a = words.readUInt32LE(0)
  let b = words.readUInt32LE(4)
  let c = words.readUInt32LE(8)
  let counter = 1

  function next(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }

  const random: Random = {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new Error('Cannot pick from nothing')
      return item
    },
    weighted(weights) {
      // The keys of a record are its names.
      const names = Object.keys(weights) as (keyof typeof weights)[]
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0)
      for (const name of names) {
        left -= weights[name]
        if (left < 0) return name
      }
      return random.pick(names)
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  }
  return random
}

/**
 * Draws from 0 to `count - 1` as Zipf's law has it: the n-th is drawn in proportion to 1 / n, so that a few are
 * wanted by everybody and most by hardly anybody.
 */
export function zipf(count: number): (random: Random) => number {
  const shares = Array.from({ length: count }, (_, index) => 1 / (index + 1))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return (random) => {
    let left = random.next() * total
    const found = shares.findIndex((share) => {
      left -= share
      return left < 0
    })
    return found === -1 ? count - 1 : found
  }
}

/** The items in any order. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}
