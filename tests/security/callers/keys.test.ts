import { afterAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { ask } from '../system/ask.ts'
import { forgetKeys, newApiKey, operatorKey, succeed, textIn } from '../system/market.ts'
import { operationOf } from '../system/operations.ts'
import { databases, select } from '../system/rows.ts'

afterAll(forgetKeys)

const KEY = /^bzk_[a-z]+_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/
const scopes = { iam: ['credentials:verify'], inventory: ['reservations:write'] }

describe.each(['iam', 'inventory'] as const)('a key of %s', (service) => {
  const door = operationOf(service === 'iam' ? 'iam verifyCredential' : 'inventory listOffers')
  /** Whether the key opens what it is for; what it is used for then is wrong. */
  const opens = async (key: string) => {
    const { status } = await ask(door, service === 'iam' ? { body: {} } : {}, { 'x-api-key': key })
    expect([401, 422]).toContain(status)
    return status === 422
  }

  test('S30 holds 256 bits, is shown once, and stored as a hash', async () => {
    const { key, publicId } = await newApiKey(service, scopes[service])
    const [, named, secret = ''] = KEY.exec(key) ?? []
    expect(named).toBe(publicId)
    const list = await succeed(`${service} listApiKeys`, {}, operatorKey(service))
    expect(list.text).toContain(publicId)
    expect(list.text).not.toContain(secret)
    const database = databases.find((name) => name.endsWith(service))
    const [row] = await select(`select * from \`${database}\`.api_keys where public_id = ?`, [publicId])
    const digest = createHash('sha256').update(secret).digest('hex')
    expect(Buffer.from(row?.['secret_hash']).toString('hex')).toBe(digest)
    expect(JSON.stringify(row)).not.toContain(secret)
  })

  test('S32 can be replaced without a gap, and is refused from the moment it is revoked', async () => {
    const old = await newApiKey(service, scopes[service])
    const body = { expiresAt: new Date(Date.now() + 3_600_000).toISOString() }
    const rotated = await succeed(
      `${service} rotateApiKey`,
      { params: { publicId: old.publicId }, body },
      operatorKey(service),
    )
    const fresh = textIn(rotated.json, 'key')
    expect([await opens(old.key), await opens(fresh)]).toEqual([true, true])
    await succeed(`${service} revokeApiKey`, { params: { publicId: old.publicId } }, operatorKey(service))
    expect([await opens(old.key), await opens(fresh)]).toEqual([false, true])
  })

  test('S34 of another place does not open it', async () => {
    const elsewhere = await newApiKey(service === 'iam' ? 'inventory' : 'iam', ['keys:manage'])
    expect(await opens(elsewhere.key)).toBe(false)
  })
})
