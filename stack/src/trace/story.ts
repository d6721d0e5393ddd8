import { oddities, waits } from './judgement.ts'
import type { LogLine } from './order-logs.ts'
import type { OrderRows } from './order-rows.ts'
import { type Moment, moneyOf, wordsOfEvents, wordsOfMessages, wordsOfMoney, wordsOfStock } from './words.ts'

/** The story of one order: how it stands, what happened, what is waited for, and what is not as it should be. */
export type Story = { summary: string; moments: Moment[]; waits: string[]; odd: string[] }

/** Tells the story of an order from what the tables and the logs of all services say. */
export function story(rows: OrderRows, logs: readonly LogLine[] = []): Story {
  const { order, lines } = rows
  const units = lines.reduce((sum, line) => sum + line.quantity, 0)
  const moments = [
    ...wordsOfEvents(rows),
    ...wordsOfStock(rows),
    ...wordsOfMoney(rows),
    ...wordsOfMessages(rows),
    ...logs.map(wordsOfLog),
  ]
  return {
    summary: `${order.status}, ${units} units of ${lines.length} products, ${moneyOf(order.totalMinor, order.currency)}`,
    // Stable: what has the same time stays in the order above.
    moments: moments.sort((one, other) => one.at.getTime() - other.at.getTime()),
    waits: waits(rows),
    odd: [...oddities(rows), ...loggedErrors(logs)],
  }
}

function wordsOfLog({ time: at, service, level, msg, operation, status, attempts }: LogLine): Moment {
  if (msg === 'request') return { at, service, text: `answered ${operation ?? 'a request'} with ${status}` }
  const attempt = attempts === undefined ? '' : ` (attempt ${attempts})`
  return { at, service, text: `logged ${level}: ${msg}${attempt}` }
}

function loggedErrors(logs: readonly LogLine[]): string[] {
  const errors = logs.filter(({ level }) => level === 'error' || level === 'fatal')
  return [...new Set(errors.map(({ service, msg }) => `${service} logged an error: ${msg}`))]
}

/** The story as a person reads it. */
export function linesOf(orderId: string, { summary, moments, waits: awaited, odd }: Story): string[] {
  const list = (title: string, entries: readonly string[], none: string): string[] => [
    '',
    title,
    ...(entries.length > 0 ? entries : [none]).map((one) => `  ${one}`),
  ]
  return [
    `Order ${orderId}: ${summary}`,
    ...list(
      'What happened (UTC)',
      moments.map(
        ({ at, service, text }) =>
          `${at.toISOString().replace('T', ' ').slice(0, 23)}  ${service.padEnd(9)}  ${text}`,
      ),
      'Nothing is known.',
    ),
    ...list('What is waited for', awaited, 'Nothing.'),
    ...list('What is odd', odd, 'Nothing.'),
  ]
}
