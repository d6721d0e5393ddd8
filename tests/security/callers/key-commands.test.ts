import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { settingOf, urlOf } from '../system/stack.ts'

const MAIN = fileURLToPath(new URL('../../../stack/src/main.ts', import.meta.url))
const NOBODY = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'

/** Runs `./bazaar keys` with the key of the operator. */
function keys(...args: string[]) {
  const run = spawnSync(process.execPath, ['--no-env-file', MAIN, 'keys', ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      BAZAAR_KEYS_URL: urlOf('inventory'),
      BAZAAR_KEYS_API_KEY: settingOf('inventory', 'BOOTSTRAP_API_KEY'),
    },
  })
  return { status: run.status, out: run.stdout.trim(), said: run.stderr }
}

async function statusWith(key: string): Promise<number> {
  const answer = await fetch(`${urlOf('inventory')}/offers?productIds=${NOBODY}`, {
    headers: { 'x-api-key': key },
  })
  await answer.body?.cancel()
  return answer.status
}

describe('S32 ./bazaar keys', () => {
  test('issues, rotates with overlap, lists and revokes', async () => {
    const caller = `rotation-${Date.now()}`
    const issued = keys(
      'issue',
      'inventory',
      '--caller',
      caller,
      '--scopes',
      'reservations:write',
      '--days',
      '2',
    )
    expect(issued.out).toMatch(/^bzk_[a-z]+_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/)
    const publicId = issued.out.split('_')[2] ?? ''
    const rotated = keys('rotate', 'inventory', publicId)
    expect([await statusWith(issued.out), await statusWith(rotated.out)]).toEqual([200, 200])

    expect(keys('revoke', 'inventory', publicId).status).toBe(0)
    expect([await statusWith(issued.out), await statusWith(rotated.out)]).toEqual([401, 200])
    const listed = keys('list', 'inventory')
      .out.split('\n')
      .filter((line) => line.includes(caller))
    expect(listed.map((line) => / (valid|revoked) /.exec(line)?.[1]).sort()).toEqual(['revoked', 'valid'])
    // The secret may itself have the mark that parts the fields of a key.
    const secret = rotated.out.split('_').slice(3).join('_')
    expect(secret).toHaveLength(43)
    expect(listed.join()).not.toContain(secret)
    keys('revoke', 'inventory', rotated.out.split('_')[2] ?? '')
  })

  test.each([
    [
      'a scope that nobody knows',
      ['issue', 'inventory', '--caller', 'x', '--scopes', 'all:of-it'],
      'Give --scopes as one or more of reservations:write, keys:manage',
    ],
    ['a key that is not there', ['revoke', 'inventory', '0000000000000000'], 'not-found'],
    [
      'three years',
      ['issue', 'inventory', '--caller', 'x', '--scopes', 'keys:manage', '--days', '999'],
      '--days as a number from 1 to 730',
    ],
    ['a service that has none', ['list', 'order'], 'keys list SERVICE'],
    ['nothing', [], 'keys list SERVICE'],
  ])('refuses %s and says why', (_, args, reason) => {
    const { status, out, said } = keys(...args)
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(said).toContain(reason)
  })
})
