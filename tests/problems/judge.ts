/** What is wrong with the problems that were sent while tests ran. */
export type Faults = {
  /** Sent, though the document of the service does not declare it. */
  undeclared: string[]
  /** Declared, though no test had it sent. */
  unsent: string[]
}

/** What is refused before its operation is known, or where there is none: no document has a place for it. */
const AT_THE_DOOR = ['400 malformed-request', '404 not-found', '405 method-not-allowed']

/** Compares the problems that were sent with those that are declared, each in the words of `declaredProblems`. */
export function faultsIn(sent: ReadonlySet<string>, declared: ReadonlySet<string>): Faults {
  return {
    undeclared: [...sent].filter((one) => !declared.has(one) && !isAtTheDoor(one)).sort(),
    unsent: [...declared].filter((one) => !sent.has(one)).sort(),
  }
}

function isAtTheDoor(problem: string): boolean {
  const [, operation, ...refusal] = problem.split(' ')
  return operation === '-' && AT_THE_DOOR.includes(refusal.join(' '))
}
