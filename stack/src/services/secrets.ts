import { randomBytes } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { readJson, writeJson } from '../json-file.ts'
import type { StackPaths } from '../paths.ts'

const issuedKey = Type.Object({
  key: Type.String(),
  expiresAt: Type.String(),
  /** The database that knows the key: in any other one it would be refused. */
  issuedAt: Type.String(),
})

const secretsSchema = Type.Object({
  passwords: Type.Record(Type.String(), Type.String()),
  pepper: Type.String(),
  cursorSecrets: Type.Record(Type.String(), Type.String()),
  /** Makes the tokens of links in letters. */
  linkSecret: Type.String(),
  /** Signs the cookies of the shop. */
  cookieSecret: Type.String(),
  bootstrapKeys: Type.Object({ iam: Type.String(), inventory: Type.String() }),
  issuedKeys: Type.Object({ user: Type.Optional(issuedKey), order: Type.Optional(issuedKey) }),
})

/** Everything that only this stack knows. Lives as long as its data. */
export type Secrets = Static<typeof secretsSchema>

/** Whom the private servers let in, each with a password of its own. */
export const ACCOUNTS = ['admin', 'migrator', 'iam', 'user', 'inventory', 'order'] as const

/** The secrets of a stack, created if it has none yet. Only its owner can read the file. */
export async function loadSecrets(paths: StackPaths): Promise<Secrets> {
  const known = await readJson(paths.secrets, Type.Partial(secretsSchema))
  if (known && Value.Check(secretsSchema, known)) return known
  // The secrets of an older stack lack some of them.
  const fresh = { ...makeSecrets(), ...known }
  await saveSecrets(paths, fresh)
  return fresh
}

/** Stores the secrets of a stack. */
export async function saveSecrets(paths: StackPaths, secrets: Secrets): Promise<void> {
  await writeJson(paths.secrets, secrets, 0o600)
}

/** Draws new secrets. */
export function makeSecrets(): Secrets {
  return {
    passwords: Object.fromEntries(ACCOUNTS.map((account) => [account, secretText()])),
    pepper: secretText(),
    cursorSecrets: { inventory: secretText(), order: secretText() },
    linkSecret: secretText(),
    cookieSecret: secretText(),
    bootstrapKeys: { iam: makeApiKey(), inventory: makeApiKey() },
    issuedKeys: {},
  }
}

/** Draws an API key: `bzk_<environment>_<public id>_<secret of 256 bits>`. */
export function makeApiKey(): string {
  return `bzk_dev_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('base64url')}`
}

/** 256 random bits as 43 characters that need no escaping in a URL, in SQL or in a shell. */
function secretText(): string {
  return randomBytes(32).toString('base64url')
}
