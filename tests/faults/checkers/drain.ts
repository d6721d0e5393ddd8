import type { Entry } from '../history/history.ts'
import type { OutboxRow } from '../history/rows.ts'
import { type Evidence, membersOf, startFinding, type Verdict } from './evidence.ts'

/**
 * C9, all is drained: after the last fault everything comes to rest in time (I18, I19), every message that was
 * owed was sent and had its effect at the other side (I18, I20), nothing is held for longer than promised (I22),
 * and the dead letters are the poison that was put in, each with its reason (I19).
 */
export function checkDrain({ history, rows }: Evidence): Verdict {
  const rest = history.find(({ f, type }) => f === 'drain' && type !== 'invoke')
  const began = history.find(({ f, type }) => f === 'drain' && type === 'invoke')
  const tookMs = rest && began ? rest.tMs - began.tMs : 0
  const messages = rows.orderOutbox.length + rows.inventoryOutbox.length
  const resent = [...rows.orderOutbox, ...rows.inventoryOutbox].filter(({ attempts }) => attempts > 1).length
  const counts = { tookMs, messages, sentMoreThanOnce: resent, deadLetters: rows.deadLetters.length }
  const finder = startFinding(
    () => counts,
    () => rest === undefined || messages === 0,
  )
  if (rest?.type === 'fail') finder.broken('I25', 'it did not come to rest', rest.value)

  const handled = new Set(
    [...rows.inventoryInbox, ...rows.orderInbox, ...rows.userInbox].map(({ messageId }) => messageId),
  )
  const check = (outbox: readonly OutboxRow[], whose: string) => {
    for (const row of outbox) {
      if (row.sentAt === null) finder.broken('I18', `a message of ${whose} was never sent`, row)
      else if (!handled.has(row.id)) finder.broken('I18', `a message of ${whose} never had its effect`, row)
    }
  }
  check(rows.orderOutbox, 'order')
  check(rows.inventoryOutbox, 'inventory')

  const poison = poisonIn(history)
  for (const letter of rows.deadLetters) {
    if (!poison.has(letter.messageId ?? '') && !poison.has('*'))
      finder.broken('I19', 'a message ended among the dead letters', letter)
    if (letter.reason === null) finder.broken('I19', 'a dead letter has no reason', letter)
  }
  const overdue = rows.reservations.filter(({ status }) => status === 'HELD')
  if (rest?.type === 'ok')
    for (const reservation of overdue) finder.broken('I22', 'stock is held for nobody', reservation)
  return finder.verdict()
}

/**
 * The ids of the messages that the nemesis put in to be refused: `poison` in the value of a fault, a list. `*`
 * is in it when it put in some that have no id of their own.
 */
function poisonIn(history: readonly Entry[]): Set<string> {
  return new Set(
    history.flatMap(({ process, value }) => {
      const poison = process === 'nemesis' ? membersOf(value)['poison'] : undefined
      return Array.isArray(poison) ? poison.map(String) : []
    }),
  )
}
