import { describe, expect, test } from 'bun:test'
import { read, repeatably } from '@bazaar/shared/database/database'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { refusal } from '@bazaar/shared/testing/refusal'
import { until } from '@bazaar/shared/testing/until'
import { eq, sql } from 'drizzle-orm'
import { tidyAccounts } from '../src/accounts/close-account.ts'
import { users } from '../src/tables.ts'
import { openRelayedService } from './open-service.ts'
import { logIn, makeOld, newcomer, rowsOf } from './user-service.ts'

const { iam, relay, service } = await openRelayedService()

/** How many credentials the identity service has for a user. */
async function credentialsOf(userId: string): Promise<number> {
  const id = Buffer.from(userId.replaceAll('-', ''), 'hex')
  const [rows] = await repeatably(iam.database, (connection) =>
    connection.execute(sql`select 1 from credentials where user_id = ${id}`),
  )
  return Array.isArray(rows) ? rows.length : -1
}

/** Lets the identity service work, but loses its answers that match, while `work` runs. */
async function losingAnswers<T>(matching: RegExp, work: () => Promise<T>): Promise<T> {
  relay.onAnswer = async (request) => (matching.test(request) ? 'lose' : 'deliver')
  try {
    return await work()
  } finally {
    relay.onAnswer = async () => 'deliver'
  }
}

describe('a sign-up that broke off', () => {
  test('because IAM was away, answers 503 and is brought to its end by the same request', async () => {
    const wanted = newcomer()
    await iam.kill()
    expect(await refusalOfService(service.client.signUp({ body: wanted }))).toBe(503)
    const [pending] = await rowsOf(service, wanted.email)
    expect(pending?.status).toBe('PENDING')
    expect(await refusalOfService(logIn(service, wanted.email))).toBe(503)

    await iam.start()
    expect(await refusal(logIn(service, wanted.email))).toMatchObject({ status: 401 })
    const { body } = await untilAnswered(() => service.client.signUp({ body: wanted }))
    expect(body).toMatchObject({ id: pending?.id ?? '', version: 1 })
    expect(await logIn(service, wanted.email)).toMatchObject({ userId: body.id })
  })

  test('after IAM had kept the password, is brought to its end with the same password', async () => {
    const wanted = newcomer()
    await losingAnswers(/^PUT/, () => refusalOfService(service.client.signUp({ body: wanted })))
    const [pending] = await rowsOf(service, wanted.email)
    expect(pending?.status).toBe('PENDING')
    expect(await credentialsOf(pending?.id ?? '')).toBe(1)

    const { body } = await service.client.signUp({ body: { ...wanted, name: 'Ada, the second time' } })
    expect(body).toMatchObject({ id: pending?.id ?? '', name: 'Ada, the second time' })
  })

  test('after IAM had kept the password, is not taken over with another one', async () => {
    const wanted = newcomer()
    await losingAnswers(/^PUT/, () => refusalOfService(service.client.signUp({ body: wanted })))
    const body = { ...wanted, password: 'somebody else entirely' }
    expect(await refusal(service.client.signUp({ body }))).toMatchObject({ status: 409, code: 'email-taken' })
    expect((await service.client.signUp({ body: wanted })).status).toBe(201)
  })

  test('is not undone by an attempt with a common password', async () => {
    const wanted = newcomer()
    await losingAnswers(/^PUT/, () => refusalOfService(service.client.signUp({ body: wanted })))
    const [pending] = await rowsOf(service, wanted.email)
    const body = { ...wanted, password: 'password123' }
    expect(await refusal(service.client.signUp({ body }))).toMatchObject({ status: 422 })
    expect((await service.client.signUp({ body: wanted })).body.id).toBe(pending?.id ?? '')
  })

  test('is given up after a day, and leaves nothing behind in either service', async () => {
    const wanted = newcomer()
    await losingAnswers(/^PUT/, () => refusalOfService(service.client.signUp({ body: wanted })))
    const [pending] = await rowsOf(service, wanted.email)
    await tidyAccounts(service.deps)
    expect(await rowsOf(service, wanted.email)).toHaveLength(1)

    await makeOld(service, wanted.email)
    await tidyAccounts(service.deps)
    const left = await read(service.deps.database, (connection) =>
      connection
        .select()
        .from(users)
        .where(eq(users.id, pending?.id ?? '')),
    )
    expect(left).toHaveLength(0)
    expect(await credentialsOf(pending?.id ?? '')).toBe(0)
    const { body } = await service.client.signUp({ body: { ...wanted, password: 'quite another one' } })
    expect(body.id).not.toBe(pending?.id ?? '')
  })
})

/** The status of a failure; also when the breaker of our own client has opened. */
async function refusalOfService(call: Promise<unknown>): Promise<number> {
  return (await refusal(call)).status
}

/** Asks again while the circuit to a service that was down is still open. */
function untilAnswered<T extends object>(call: () => Promise<T>): Promise<T> {
  return until('the circuit is closed', () =>
    call().catch((error: unknown) => {
      if (error instanceof DependencyUnavailable) return undefined
      throw error
    }),
  )
}
