import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { bounded } from '@bazaar/shared/bounded'
import { hash, verify } from '@node-rs/bcrypt'

/** What a password is to a stored hash. `previous`: right, but hashed with the pepper before today's. */
export type Match = 'right' | 'previous' | 'wrong'

/** Hashes and checks passwords, a few at a time. */
export type Passwords = {
  /** The bcrypt hash to store. */
  hash: (password: string) => Promise<string>
  /**
   * Whether the password is the hashed one, and if so under which pepper; without a hash it is wrong, after the same
   * work. While a previous pepper is known a wrong password costs twice the work, whoever it is tried for.
   */
  check: (password: string, storedHash: string | undefined) => Promise<Match>
  /** Whether the password is the hashed one under any pepper. */
  matches: (password: string, storedHash: string | undefined) => Promise<boolean>
  /** Whether the stored hash was made with another cost than today's. */
  isOutdated: (storedHash: string) => boolean
  /** Whether the password is one of those that are tried first. */
  isCommon: (password: string) => boolean
}

/** bcrypt keeps a core busy for a fifth of a second: more at once would only slow everything down. */
const AT_ONCE_MAX = 2
/** A second or two of work, so that who waits is answered in time; whoever comes later is told to come back. */
const WAITING_MAX = 16

/**
 * Prepares the hashing of passwords. A password is first keyed with the pepper (HMAC-SHA-384, base64: 64
 * characters), because bcrypt ignores everything after 72 bytes and stops at NUL; so every character counts.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pre-hashing-passwords-with-bcrypt
 *
 * The functions throw {DomainError} too-many-requests when too many are waiting already.
 */
export async function createPasswords(options: {
  pepper: string
  previousPepper?: string | undefined
  cost: number
}): Promise<Passwords> {
  const common = new Set(
    (await readFile(new URL('common-passwords.txt', import.meta.url), 'utf8')).split('\n'),
  )
  const inTurn = bounded({
    atOnceMax: AT_ONCE_MAX,
    waitingMax: WAITING_MAX,
    busy: 'Too many log-ins at this moment, try again shortly',
  })
  const { pepper, previousPepper } = options
  const keyed = (password: string, by = pepper) => createHmac('sha384', by).update(password).digest('base64')
  const nobody = await hash(keyed('nobody has this password'), { cost: options.cost })

  async function check(password: string, storedHash: string | undefined): Promise<Match> {
    return inTurn(async () => {
      const stored = storedHash ?? nobody
      let match: Match = 'wrong'
      if (await verify(keyed(password), stored)) match = 'right'
      else if (previousPepper && (await verify(keyed(password, previousPepper), stored))) match = 'previous'
      return storedHash === undefined ? 'wrong' : match
    })
  }

  return {
    hash: (password) => inTurn(() => hash(keyed(password), { cost: options.cost })),
    check,
    matches: async (password, storedHash) => (await check(password, storedHash)) !== 'wrong',
    isOutdated: (storedHash) => Number(storedHash.split('$')[2]) !== options.cost,
    isCommon: (password) => common.has(password.toLowerCase()),
  }
}
