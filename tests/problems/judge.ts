import type { Unprovoked } from './unprovoked.ts'

/** What is refused at the door, before the operation is known, and so in the same way for all of them. */
const AT_THE_DOOR = ['malformed-request']

/** What is wrong with the problems that were sent while tests ran, in one line each. */
export function faultsIn(
  sent: ReadonlySet<string>,
  { declared, unprovoked }: { declared: ReadonlySet<string>; unprovoked: readonly Unprovoked[] },
): string[] {
  const undeclared = [...sent].filter((one) => !declared.has(one) && !isOfNone(one))
  const unsent = [...declared].filter((one) => !sent.has(one) && !sent.has(atTheDoor(one)))
  const unexplained = unsent.filter((one) => !unprovoked.some((reason) => explains(reason, one)))
  const idle = unprovoked.filter((reason) => ![...declared].some((one) => explains(reason, one)))
  return [
    ...undeclared.map((one) => `was sent, and the document does not know it: ${one}`),
    ...unexplained.map((one) => `is declared, and no test has it sent: ${one}`),
    ...idle.map(({ code }) => `is explained, and nobody declares it: ${code}`),
  ]
}

/** Whether the reason is about the problem. */
export function explains({ code, of }: Unprovoked, problem: string): boolean {
  const [service, operation, , its] = problem.split(' ')
  return its === code && (of === 'all' || of.includes(`${service} ${operation}`))
}

/** Whether it was sent by no operation: for a path that there is not, for instance. */
function isOfNone(problem: string): boolean {
  return problem.split(' ')[1] === '-'
}

/** The same problem as it is sent before the operation is known, if it can be. */
function atTheDoor(problem: string): string {
  const [service, , status, code = ''] = problem.split(' ')
  return AT_THE_DOOR.includes(code) ? `${service} - ${status} ${code}` : problem
}
