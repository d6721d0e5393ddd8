import { describe, expect, test } from 'bun:test'
import { sessionRecordKey } from '@bazaar/shared/auth/sessions'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { saveProfile, saveSessionsEpoch } from '../src/accounts/user-store.ts'
import { openRelayedService } from './open-service.ts'
import { isValid, logIn, member, newcomer, PASSWORD } from './user-service.ts'

const { relay, service } = await openRelayedService()

describe('ending sessions', () => {
  test('DELETE /sessions/current ends the one that asks and no other', async () => {
    const { id, email, session } = await member(service)
    const other = await logIn(service, email)
    expect((await service.client.logOut({ session })).status).toBe(204)
    expect(await isValid(service, session)).toBe(false)
    expect(await refusal(service.client.logOut({ session }))).toMatchObject({ status: 401 })
    expect(await isValid(service, other.session)).toBe(true)
    expect(await service.deps.redis.zcard(`sessions:${id}`)).toBe(1)
  })

  test('DELETE /sessions ends all of the user, and nobody else’s', async () => {
    const { email, session } = await member(service)
    const stranger = await member(service)
    const others = [await logIn(service, email), await logIn(service, email)]
    expect((await service.client.logOutEverywhere({ session })).status).toBe(204)
    for (const ended of [session, ...others.map((other) => other.session)])
      expect(await isValid(service, ended)).toBe(false)
    expect(await isValid(service, stranger.session)).toBe(true)
    expect(await isValid(service, (await logIn(service, email)).session)).toBe(true)
  })

  test('is for good, even when Redis brings back what it had forgotten', async () => {
    const { email, session } = await member(service)
    const kept = await logIn(service, email)
    const records = [session, kept.session].map(sessionRecordKey)
    const before = await service.deps.redis.mget(records)
    const bringBack = async () => {
      for (const [index, record] of records.entries())
        await service.deps.redis.set(record, before[index] ?? '', 'EX', 600)
    }
    const body = { currentPassword: PASSWORD, newPassword: 'short blue chairs 8' }
    await service.client.changePassword({ session: kept.session, body })
    await bringBack()
    expect(await isValid(service, session)).toBe(false)
    expect(await isValid(service, kept.session)).toBe(true)

    await service.client.logOutEverywhere({ session: kept.session })
    await bringBack()
    expect(await isValid(service, session)).toBe(false)
    expect(await isValid(service, kept.session)).toBe(false)
    const again = await logIn(service, email, body.newPassword)
    expect(await isValid(service, again.session)).toBe(true)
  })

  test('DELETE /sessions that Redis did not hear of is finished when it is asked for again', async () => {
    const { id, email, session } = await member(service)
    const other = await logIn(service, email)
    const records = [session, other.session].map(sessionRecordKey)
    // So far it comes when Redis is killed then; the answer is 503.
    await inTransaction(service.deps.database, (tx) => saveSessionsEpoch(tx, { userId: id }))
    const later = await logIn(service, email)
    expect(await service.deps.redis.exists(records)).toBe(2)
    expect(await refusal(service.client.logOutEverywhere({ session }))).toMatchObject({ status: 401 })
    expect(await service.deps.redis.exists(records)).toBe(0)
    expect(await isValid(service, later.session)).toBe(true)
  })

  const currentPassword = PASSWORD
  test.each([
    ['another e-mail address', () => ({ email: newcomer().email, currentPassword })],
    ['another mobile number', () => ({ mobileNumber: newcomer().mobileNumber, currentPassword })],
    ['another password', () => ({ newPassword: 'short blue chairs 8', currentPassword })],
  ])('with %s ends all but the one that asks', async (_, changes) => {
    const { id, email, session, sessionId } = await member(service)
    const other = await logIn(service, email)
    const body = changes()
    if ('newPassword' in body) await service.client.changePassword({ session, body })
    else await service.client.changeProfile({ session, body })
    // The other services ask Redis alone.
    expect(await service.deps.redis.exists(sessionRecordKey(other.session))).toBe(0)
    expect(await isValid(service, other.session)).toBe(false)
    expect(await isValid(service, session)).toBe(true)
    expect(await service.deps.redis.zcard(`sessions:${id}`)).toBe(1)
    expect((await service.client.listSessions({ session })).body.items).toMatchObject([{ sessionId }])
  })

  test('does not come with another name, nor with a refused change', async () => {
    const { email, session } = await member(service)
    const other = await logIn(service, email)
    await service.client.changeProfile({ session, body: { name: 'Ada King', email } })
    const wrong = { email: newcomer().email, currentPassword: 'not the password' }
    expect(await refusal(service.client.changeProfile({ session, body: wrong }))).toMatchObject({
      status: 401,
    })
    expect(await isValid(service, other.session)).toBe(true)
  })

  test('with another e-mail address that Redis did not hear of is finished by the same request', async () => {
    const { id, name, mobileNumber, email, session, sessionId } = await member(service)
    const other = await logIn(service, email)
    const changed = { name, mobileNumber, email: newcomer().email }
    // So far it comes when the service is killed then.
    await inTransaction(service.deps.database, async (tx) => {
      await saveProfile(tx, id, { ...changed, emailVerifiedAt: null, language: null })
      await saveSessionsEpoch(tx, { userId: id, exceptId: sessionId })
    })
    const later = await logIn(service, changed.email)
    const records = [other.session, session, later.session].map(sessionRecordKey)
    expect(await service.deps.redis.exists(records)).toBe(3)
    const body = { email: changed.email, currentPassword }
    expect((await service.client.changeProfile({ session, body })).body).toMatchObject(changed)
    expect(await service.deps.redis.exists(sessionRecordKey(other.session))).toBe(0)
    expect(await service.deps.redis.exists(records)).toBe(2)
  })

  test('with another e-mail address leaves none to a log-in with the old one that is under way', async () => {
    const { email, session } = await member(service)
    relay.onAnswer = async (request) => {
      relay.onAnswer = async () => 'deliver'
      if (request === 'POST /authentications')
        await service.client.changeProfile({ session, body: { email: newcomer().email, currentPassword } })
      return 'deliver'
    }
    expect(await refusal(logIn(service, email))).toMatchObject({ status: 401 })
    expect((await service.client.listSessions({ session })).body.items).toHaveLength(1)
  })

  test('DELETE /sessions/:sessionId ends the one that is named', async () => {
    const { email, session } = await member(service)
    const other = await logIn(service, email)
    const params = { sessionId: other.sessionId }
    expect((await service.client.endSession({ session, params })).status).toBe(204)
    expect(await isValid(service, other.session)).toBe(false)
    expect(await isValid(service, session)).toBe(true)
    expect(await refusal(service.client.endSession({ session, params }))).toMatchObject({ status: 404 })
  })

  test('DELETE /sessions/:sessionId answers alike for unknown sessions and those of others', async () => {
    const { session } = await member(service)
    const stranger = await member(service)
    const [foreign, unknown] = await Promise.all(
      [stranger.sessionId, newId()].map((sessionId) =>
        refusal(service.client.endSession({ session, params: { sessionId } })),
      ),
    )
    expect(foreign).toMatchObject({ status: 404, code: 'not-found' })
    expect({ ...foreign?.members, instance: '' }).toEqual({ ...unknown?.members, instance: '' })
    expect(await isValid(service, stranger.session)).toBe(true)
  })

  test('DELETE /sessions while somebody logs in leaves only the session that is answered with', async () => {
    const { email, session } = await member(service)
    let ended = false
    relay.onAnswer = async (request) => {
      if (!ended && request === 'POST /authentications') {
        ended = true
        await service.client.logOutEverywhere({ session })
      }
      return 'deliver'
    }
    const late = await logIn(service, email)
    relay.onAnswer = async () => 'deliver'
    expect(ended).toBe(true)
    expect(await isValid(service, session)).toBe(false)
    const { items } = (await service.client.listSessions({ session: late.session })).body
    expect(items.map((item) => item.sessionId)).toEqual([late.sessionId])
  })
})
