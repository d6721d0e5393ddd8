import type { Part } from './parts.ts'
import { commits, inShort, looksUpKey, type Transaction } from './transactions.ts'

/** So many statements and commits a walk may take. Start and commit count as statements; looking up API keys does not. */
export const MARKS = {
  order: { statements: 32, commits: 5 },
  cancellation: { statements: 44, commits: 7 },
  letters: { statements: 13, commits: 4 },
} as const

const MARKED = ['order', 'cancellation', 'letters'] as const

type Counts = { statements: number; commits: number; keys: number }

/** What is counted of some parts. A commit is a transaction that changes something, or such a statement by itself. */
export function countsOf(parts: readonly Part[]): Counts {
  const all = parts.flatMap(({ transactions }) => transactions)
  const counted = all.filter((one) => !looksUpKey(one))
  return {
    statements: counted.reduce((sum, { sent }) => sum + sent.length, 0),
    commits: counted.filter(commits).length,
    keys: all.length - counted.length,
  }
}

/** What is more than the marks, in words; nothing when all is within them. */
export function beyondMarks(parts: readonly Part[]): string[] {
  return MARKED.flatMap((of) => {
    const found = countsOf(parts.filter((part) => part.of === of))
    return (['statements', 'commits'] as const).flatMap((what) =>
      found[what] > MARKS[of][what] ? [`${of}: ${found[what]} ${what}, not ${MARKS[of][what]}`] : [],
    )
  })
}

/**
 * The walk in Markdown, a table for each part: the same for every walk that takes the same steps. Of the money, about
 * which others may have to be asked, only the counts.
 */
export function tablesOf(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => [headingOf(part), ...(part.of === 'money' ? [] : [tableOf(part)])])
    .join('\n\n')
}

function headingOf(part: Part): string {
  const { statements, commits: committed, keys } = countsOf([part])
  const lookUps = keys > 0 ? `, beside ${keys} look-ups of the API key` : ''
  return `**${part.title}**: ${statements} statements, ${counted(committed, 'commit')}${lookUps}.`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function tableOf(part: Part): string {
  let number = 0
  let transaction = 0
  const rows = inOrder(part.transactions).flatMap((one) => {
    if (one.sent.length > 1) transaction++
    const within = one.sent.length > 1 ? String(transaction) : ''
    return one.sent.map(({ service, statement }) => {
      const position = looksUpKey(one) ? 'key' : String(++number)
      return [position, service, within, inShort(statement)]
    })
  })
  const head = ['#', 'service', 'transaction', 'statement']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** In the order of their beginning; of what two services do for a third at the same time, by their names. */
export function inOrder(transactions: readonly Transaction[]): Transaction[] {
  const groups: Transaction[][] = []
  for (const one of transactions) {
    const group = groups.at(-1)
    if (group && one.service !== 'order' && group[0]?.service !== 'order') group.push(one)
    else groups.push([one])
  }
  return groups.flatMap((group) => group.toSorted((one, other) => one.service.localeCompare(other.service)))
}

/** Every statement with its service and its time, in milliseconds since the first of its part. */
export function linesOf(parts: readonly Part[]): string {
  const lines = parts.flatMap((part) => {
    const sent = part.transactions.flatMap((one) => one.sent).toSorted((one, other) => one.at - other.at)
    const from = sent[0]?.at ?? 0
    const rows = sent.map(({ at, service, statement }) => {
      const time = `${at - from} ms`.padStart(9)
      return `${time}  ${service.padEnd(9)}  ${inShort(statement)}`
    })
    return ['', headingOf(part).replaceAll('**', ''), ...rows]
  })
  return lines.join('\n')
}

/** What an order, a cancellation and the letters about both cost in all, in a line each. */
export function sumsOf(parts: readonly Part[]): string {
  return MARKED.map((of) => {
    const { statements, commits: committed } = countsOf(parts.filter((part) => part.of === of))
    const { statements: mark, commits: most } = MARKS[of]
    return `${of} in all: ${statements} statements of ${mark}, ${committed} commits of ${most}`
  }).join('\n')
}
