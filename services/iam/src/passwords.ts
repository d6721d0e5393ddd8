import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { bounded } from '@bazaar/shared/http/bounded'
import { hash, verify } from '@node-rs/bcrypt'

/** The result of comparing a password with a stored hash. `previous`: right, but hashed with older settings. */
export type Match = 'right' | 'previous' | 'wrong'

/** Hashes and checks passwords, a few at a time. */
export type Passwords = {
  /** The bcrypt hash to store. */
  hash: (password: string) => Promise<string>
  /**
   * Whether the password matches the hash, and if so, whether the hash has today's settings. Without a hash the
   * answer is "wrong", after the same work. A wrong password costs two or three times the work, for every user alike,
   * while a previous pepper is known or when the password can be composed in several ways.
   */
  check: (password: string, storedHash: string | undefined) => Promise<Match>
  /** Whether the password matches the hash, with whatever settings it was made. */
  matches: (password: string, storedHash: string | undefined) => Promise<boolean>
  /** Whether the stored hash was made with a cost other than today's. */
  isOutdated: (storedHash: string) => boolean
  /** Whether the password is one of those that attackers try first. */
  isCommon: (password: string) => boolean
  /** How many are being hashed or checked at this moment, and how many wait for their turn. */
  load: () => { working: number; waiting: number }
}

/**
 * A password in the form in which it is hashed and compared: composed (NFC), because one keyboard sends `é` as one
 * character and another as two, and nobody can see the difference. https://www.rfc-editor.org/rfc/rfc8265#section-4.2
 */
export function composed(password: string): string {
  return password.normalize('NFC')
}

/** The ways in which a password may have been hashed; all but the first are from before passwords were composed. */
function formsOf(password: string): string[] {
  return [...new Set([composed(password), password, password.normalize('NFD')])]
}

/** bcrypt keeps a core busy for a fifth of a second: more at once would only slow everything down. */
const AT_ONCE_MAX = 2
/** A second or two of work, so that a waiting caller is answered in time; later callers are told to come back. */
const WAITING_MAX = 16

/**
 * Prepares the hashing of passwords. A password is first keyed with the pepper (HMAC-SHA-384, base64: 64 characters),
 * because bcrypt ignores everything after 72 bytes and stops at NUL; so every character counts.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pre-hashing-passwords-with-bcrypt
 *
 * The functions throw {DomainError} too-many-requests when too many are already waiting.
 */
export async function createPasswords(options: {
  pepper: string
  previousPepper?: string | undefined
  cost: number
}): Promise<Passwords> {
  const common = new Set(
    (await readFile(new URL('common-passwords.txt', import.meta.url), 'utf8')).split('\n'),
  )
  let [working, waiting] = [0, 0]
  const turn = bounded({
    atOnceMax: AT_ONCE_MAX,
    waitingMax: WAITING_MAX,
    busy: 'Too many log-ins right now; try again shortly',
  })
  async function inTurn<T>(job: () => Promise<T>): Promise<T> {
    let began = false
    waiting++
    try {
      return await turn(() => {
        began = true
        waiting--
        working++
        return job()
      })
    } finally {
      if (began) working--
      else waiting--
    }
  }

  const { pepper, previousPepper } = options
  const keyed = (password: string, by = pepper) => createHmac('sha384', by).update(password).digest('base64')
  const nobody = await hash(keyed('nobody has this password'), { cost: options.cost })

  async function check(password: string, storedHash: string | undefined): Promise<Match> {
    return inTurn(async () => {
      const stored = storedHash ?? nobody
      let match: Match = 'wrong'
      if (await verify(keyed(composed(password)), stored)) match = 'right'
      else if (await isEarlier(password, stored)) match = 'previous'
      return storedHash === undefined ? 'wrong' : match
    })
  }

  async function isEarlier(password: string, stored: string): Promise<boolean> {
    const forms = formsOf(password)
    const texts = [
      ...forms.slice(1).map((form) => keyed(form)),
      ...(previousPepper ? forms.map((form) => keyed(form, previousPepper)) : []),
    ]
    for (const text of texts) if (await verify(text, stored)) return true
    return false
  }

  return {
    hash: (password) => inTurn(() => hash(keyed(composed(password)), { cost: options.cost })),
    check,
    matches: async (password, storedHash) => (await check(password, storedHash)) !== 'wrong',
    isOutdated: (storedHash) => Number(storedHash.split('$')[2]) !== options.cost,
    isCommon: (password) => common.has(composed(password).toLowerCase()),
    load: () => ({ working, waiting }),
  }
}
