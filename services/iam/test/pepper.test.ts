import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq } from 'drizzle-orm'
import { credentials } from '../src/tables.ts'
import { startIam, type TestIam, TIMEOUT_MS } from './iam-service.ts'

setDefaultTimeout(TIMEOUT_MS)

const PASSWORD = 'tall green lamps 7'
const OLD = 'the pepper of last year, kept for a while'
const NEW = 'the pepper of this year, kept for longer'

let before: TestIam
let between: TestIam
let after: TestIam

beforeAll(async () => {
  before = await startIam({ pepper: OLD })
  const { databaseUrl } = before
  between = await startIam({ databaseUrl, pepper: NEW, previousPepper: OLD })
  after = await startIam({ databaseUrl, pepper: NEW })
})

afterAll(async () => {
  await after?.close()
  await between?.close()
  await before?.close()
})

/** Somebody whose password was set while the old pepper was the only one. */
async function withOldPepper(): Promise<string> {
  const userId = newId()
  await before.client().setCredential({ params: { userId }, body: { password: PASSWORD } })
  return userId
}

const verify = (iam: TestIam, userId: string, password = PASSWORD) =>
  iam.client().verifyCredential({ body: { userId, password } })

async function hashOf(userId: string): Promise<string | undefined> {
  const [row] = await read(before.database, (connection) =>
    connection.select().from(credentials).where(eq(credentials.userId, userId)),
  )
  return row?.passwordHash
}

describe('another pepper', () => {
  test('moves a password to itself at the next log-in, without anybody noticing', async () => {
    const userId = await withOldPepper()
    const oldHash = await hashOf(userId)
    expect(await refusal(verify(after, userId))).toMatchObject({ status: 401 })
    expect((await verify(between, userId)).body.credentialVersion).toBe(1)
    expect(await hashOf(userId)).not.toBe(oldHash)
    expect((await verify(after, userId)).status).toBe(200)
    expect(await refusal(verify(before, userId))).toMatchObject({ status: 401 })
  })

  test('leaves alone what it made itself', async () => {
    const userId = newId()
    await between.client().setCredential({ params: { userId }, body: { password: PASSWORD } })
    const hash = await hashOf(userId)
    await verify(between, userId)
    expect(await hashOf(userId)).toBe(hash)
  })

  test('lets no wrong password in, and takes a change of one', async () => {
    const userId = await withOldPepper()
    expect(await refusal(verify(between, userId, 'not the password'))).toMatchObject({ status: 401 })
    const body = { currentPassword: PASSWORD, newPassword: 'short blue chairs 8' }
    await between.client().changePassword({ params: { userId }, body })
    expect((await verify(after, userId, body.newPassword)).status).toBe(200)
  })
})
