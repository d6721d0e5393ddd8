import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { newId } from '../database/columns.ts'
import {
  closeDatabase,
  connectDatabase,
  type Database,
  inTransaction,
  read,
  repeatably,
} from '../database/database.ts'
import { listLetters, sendAgain } from '../letters/letter-store.ts'
import { letters, writeLetter } from '../letters/letters.ts'
import { startPostman } from '../letters/postman.ts'
import type { LettersConfig } from '../letters/settings.ts'
import type { Worker } from '../process/worker.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { type MailServer, startMailServer } from '../testing/mail-server.ts'
import { createTestDatabase, type TestDatabase } from '../testing/stores.ts'
import { testLog } from '../testing/test-log.ts'
import { until } from '../testing/until.ts'

setDefaultTimeout(120_000)

/** The tables are those of a service that writes letters. */
let stored: TestDatabase
let database: Database
let mail: MailServer

beforeAll(async () => {
  stored = await createTestDatabase('user')
  const connected = connectDatabase({ url: stored.url, poolMax: 3, log: testLog })
  database = { ...connected, acquireTimeoutMs: 30_000, deadlineMs: 30_000 }
})
beforeEach(async () => {
  await repeatably(database, (connection) => connection.delete(letters))
  mail = await startMailServer()
})
afterAll(async () => {
  await closeDatabase(database)
  await stored.drop()
})

async function withPostman<T>(
  through: LettersConfig['through'],
  work: (postman: Worker) => Promise<T>,
): Promise<T> {
  const postman = startPostman({
    config: { through, from: 'shop@shop.example', shopOrigin: 'https://shop.example' },
    database,
    wordsOf: ({ facts }) => ({ subject: `About ${facts['about']}`, paragraphs: ['Something happened.'] }),
    kinds: ['test'],
    log: testLog,
    metrics: createMetrics('test'),
  })
  try {
    return await work(postman)
  } finally {
    await postman.stop()
    await mail.close()
  }
}

const throughMail = () => ({ smtpUrl: mail.url })

function write(about: string, usefulForMinutes?: number): Promise<void> {
  return inTransaction(database, (tx) => writeLetter(tx, letterAbout(about, usefulForMinutes)))
}

function letterAbout(about: string, usefulForMinutes = 60) {
  const to = { email: `${about}@people.example`, language: 'en' as const }
  return { kind: 'test', cause: about, userId: newId(), to, facts: { about }, usefulForMinutes }
}

/** All letters. */
function kept() {
  return read(database, (connection) => connection.select().from(letters))
}

/** Whether the one letter is noted as sent. */
async function firstSent(): Promise<boolean> {
  const [letter] = await kept()
  return letter?.sentAt instanceof Date
}

/** As if every pause after a failure were over. */
async function hurry(): Promise<void> {
  await repeatably(database, (connection) =>
    connection
      .update(letters)
      .set({ dueAt: sql`now(3)` })
      .where(sql`${letters.dueAt} is not null and ${letters.reason} is not null`),
  )
}

describe('a letter', () => {
  test('is sent once its transaction has committed, to its person, with a Message-ID of its cause', async () => {
    await withPostman(throughMail(), async (postman) => {
      await write('one')
      postman.wake()
      await until('it is noted as sent', firstSent)
      expect(mail.delivered).toMatchObject([
        { to: ['one@people.example'], messageId: '<test.one@shop.example>' },
      ])
      expect(mail.delivered[0]?.content).toContain('Subject: About one')
      expect(mail.delivered[0]?.content).toContain('Auto-Submitted: auto-generated')
    })
  })

  test('of a transaction that is rolled back is not sent', async () => {
    const broken = inTransaction(database, async (tx) => {
      await writeLetter(tx, letterAbout('broken'))
      throw new Error('rolled back')
    })
    await expect(broken).rejects.toThrow('rolled back')
    expect(await kept()).toEqual([])
    await mail.close()
  })

  test('is written once for one cause', async () => {
    await write('same')
    await write('same')
    expect(await kept()).toHaveLength(1)
    await mail.close()
  })

  test('whose delivery is cut before the answer is sent again, under the same Message-ID', async () => {
    mail.next('cut')
    await withPostman(throughMail(), async (postman) => {
      await write('cut')
      await until('it is noted as sent', async () => {
        await hurry()
        postman.wake()
        return firstSent()
      })
      expect(mail.delivered.map(({ messageId }) => messageId)).toEqual(
        Array(mail.delivered.length).fill('<test.cut@shop.example>'),
      )
      expect(mail.delivered.length).toBeGreaterThan(1)
    })
  })

  test('waits while the mail server is away, and is sent when it is back', async () => {
    const { url } = mail
    await mail.close()
    await withPostman({ smtpUrl: url }, async (postman) => {
      await write('patient')
      postman.wake()
      await until('it was tried', async () => (await kept())[0]?.reason ?? undefined)
      mail = await startMailServer(Number(new URL(url).port))
      await until('it is noted as sent', async () => {
        await hurry()
        postman.wake()
        return firstSent()
      })
      expect(mail.delivered).toHaveLength(1)
    })
  })

  test('that is refused for good is set aside with the reason, without the address, until it is sent again', async () => {
    mail.next({ refuse: 550 })
    await withPostman(throughMail(), async (postman) => {
      await write('refused')
      postman.wake()
      await until('it is set aside', async () => (await kept())[0]?.dueAt === null)
      const [letter] = await read(database, (connection) => listLetters(connection, { most: 10 }))
      expect(letter?.reason).toContain('550')
      expect(letter?.reason).not.toContain('refused@people.example')
      expect(await sendAgain(database)).toBe(1)
      postman.wake()
      await until('it is noted as sent', firstSent)
      expect(mail.delivered).toHaveLength(1)
    })
  })

  test('that is refused for now is tried again later', async () => {
    mail.next({ refuse: 451 })
    await withPostman(throughMail(), async (postman) => {
      await write('later')
      postman.wake()
      await until('it was refused', async () => (await kept())[0]?.reason ?? undefined)
      expect((await kept())[0]?.dueAt).not.toBeNull()
      expect(mail.delivered).toEqual([])
    })
  })

  test('that was not sent in time is set aside', async () => {
    await write('late', 0)
    await withPostman(throughMail(), async (postman) => {
      postman.wake()
      await until('it is set aside', async () => (await kept())[0]?.dueAt === null)
      expect((await kept())[0]).toMatchObject({ sentAt: null, reason: 'it was not sent in time' })
      expect(mail.delivered).toEqual([])
    })
  })

  test('lands in the folder as a whole file, and once however often it is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'letters-'))
    await withPostman({ folder }, async (postman) => {
      for (let time = 0; time < 2; time++) {
        await write('folder')
        postman.wake()
        await until('it is noted as sent', firstSent)
        await sendAgain(database, (await kept())[0]?.id)
      }
      const files = await readdir(folder)
      expect(files).toEqual([`${(await kept())[0]?.id}.eml`])
      expect(await readFile(join(folder, files[0] ?? ''), 'utf8')).toContain('To: folder@people.example')
    })
  })
})

test('sixty letters through two postmen, with deliveries cut, arrive all, and twice only with one Message-ID', async () => {
  const causes = Array.from({ length: 60 }, (_, index) => `many-${index}`)
  await inTransaction(database, async (tx) => {
    for (const cause of causes) await writeLetter(tx, letterAbout(cause))
  })
  for (let cut = 0; cut < 6; cut++) mail.next('cut')
  await withPostman(throughMail(), (one) =>
    withPostman(throughMail(), async (other) => {
      await until('all are noted as sent', async () => {
        await hurry()
        one.wake()
        other.wake()
        return (await kept()).every(({ sentAt }) => sentAt instanceof Date)
      })
      const ids = new Set(mail.delivered.map(({ messageId }) => messageId))
      expect(ids).toEqual(new Set(causes.map((cause) => `<test.${cause}@shop.example>`)))
    }),
  )
})
