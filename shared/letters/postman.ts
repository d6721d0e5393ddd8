import type { NodemailerError } from 'nodemailer'
import { type Database, repeatably } from '../database/database.ts'
import { within } from '../process/deadline.ts'
import { watchBacklog } from '../process/watch-backlog.ts'
import { startWorker, type Worker } from '../process/worker.ts'
import { countBy } from '../telemetry/counters.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { scrubbed } from '../telemetry/redact.ts'
import {
  claimLetters,
  type DueLetter,
  deleteOldLetters,
  letterBacklog,
  type StoredLetter,
  saveSent,
  saveSetAside,
  saveUnsent,
} from './letter-store.ts'
import { renderLetter, type Words } from './page.tsx'
import type { LettersConfig } from './settings.ts'
import { CONNECTIONS_MAX, connectTransport, type Transport } from './transport.ts'

const LOOK_EVERY_MS = 2_000
/** Shorter than the lease of a letter. */
const SEND_TIMEOUT_MS = 30_000
const FORGET_EVERY_MS = 60 * 60_000
const FORGET_AT_ONCE = 200
/** Long enough to see what became of a letter, and to send it again. */
const KEPT_DAYS = 7
const REASON_LENGTH_MAX = 200

type Options = {
  config: LettersConfig
  database: Database
  /** What a letter says. A link in it is made here and stored nowhere. */
  wordsOf: (letter: StoredLetter) => Words
  kinds: readonly string[]
  log: Log
  metrics: Pick<Metrics, 'registry'>
}

/**
 * Starts sending the letters of a service. Each is leased in a short transaction, handed over outside any, and then
 * noted as sent. So several postmen may run, and one may die at any point: a letter is sent at least once, and a
 * repetition has the same Message-ID.
 */
export function startPostman(options: Options): Worker {
  const { config, database, log, metrics, kinds } = options
  const transport = connectTransport(config)
  const { registry } = metrics
  const counted = (name: string, help: string) =>
    countBy({ registry, name, help, label: 'kind', values: kinds })
  const counters = {
    sent: counted('letters_sent_total', 'Letters that were handed over to the mail server'),
    setAside: counted('letters_set_aside_total', 'Letters that could not be sent and were set aside'),
  }
  const delivering = startWorker({
    name: 'postman',
    log,
    everyMs: LOOK_EVERY_MS,
    async round() {
      const inHand = await claimLetters(database, CONNECTIONS_MAX)
      const settled = await Promise.all(inHand.map((letter) => deliver(letter)))
      return inHand.length === CONNECTIONS_MAX && settled.includes(true) ? 'more' : 'done'
    },
  })
  const forgetting = startWorker({
    name: 'letters that are forgotten',
    log,
    everyMs: FORGET_EVERY_MS,
    firstAfterMs: FORGET_EVERY_MS,
    round: async () =>
      (await deleteOldLetters(database, KEPT_DAYS, FORGET_AT_ONCE)) === FORGET_AT_ONCE ? 'more' : 'done',
  })
  const watch = watchBacklog({
    name: 'letter watch',
    waiting: { name: 'letters_unsent', help: 'Letters waiting to be sent' },
    oldestAge: { name: 'letters_oldest_age_seconds', help: 'Age of the oldest letter waiting to be sent' },
    find: () => letterBacklog(database),
    metrics,
    log,
  })

  /** Whether the letter is settled: sent, or set aside. */
  async function deliver(letter: DueLetter): Promise<boolean> {
    const { id, kind } = letter
    try {
      if (letter.isUseless) return await setAside(letter, letter.reason ?? 'it was not sent in time')
      await within(SEND_TIMEOUT_MS, hand(transport, letter, options), 'the mail server takes too long')
      await repeatably(database, (connection) => saveSent(connection, id))
      counters.sent.inc(kind)
      log.info({ letterId: id, kind, userId: letter.userId }, 'letter sent')
      return true
    } catch (error) {
      const { reason, server } = failureOf(error)
      if (server === 'refused for good') return await setAside(letter, reason)
      log.warn({ letterId: id, kind, reason }, 'a letter cannot be sent yet')
      await repeatably(database, (connection) => saveUnsent(connection, id, { reason, server }))
      return false
    }
  }

  async function setAside({ id, kind }: DueLetter, reason: string): Promise<true> {
    await repeatably(database, (connection) => saveSetAside(connection, id, reason))
    counters.setAside.inc(kind)
    log.error({ letterId: id, kind, reason }, 'a letter was set aside')
    return true
  }

  return {
    wake: delivering.wake,
    async stop() {
      await Promise.all([delivering.stop(), forgetting.stop(), watch.stop()])
      transport.close()
    },
  }
}

async function hand(transport: Transport, letter: DueLetter, { config, wordsOf }: Options): Promise<void> {
  const { id, cause, recipient, createdAt: date } = letter
  const words = wordsOf(letter)
  const messageId = `<${cause}@${config.from.split('@')[1]}>`
  const page = renderLetter(recipient.language, words)
  await transport.send({ id, messageId, to: recipient.email, date, subject: words.subject, ...page })
}

/** What may be written down of a failure: a server's answer often repeats the address. */
function failureOf(error: unknown): {
  reason: string
  server: 'refused' | 'unreachable' | 'refused for good'
} {
  const { code, response, permanent, message }: Partial<NodemailerError> = error instanceof Error ? error : {}
  const reason = scrubbed(response ?? message ?? 'unknown')
  const isOfLetter = code === 'EENVELOPE' || code === 'EMESSAGE'
  return {
    reason: `${code ?? 'failed'}: ${reason}`.slice(0, REASON_LENGTH_MAX),
    server: response === undefined ? 'unreachable' : permanent && isOfLetter ? 'refused for good' : 'refused',
  }
}
