import { Value } from '@sinclair/typebox/value'
import { t } from 'elysia'
import { closeDatabase, connectDatabase } from '../database/database.ts'
import type { Log } from '../telemetry/log.ts'
import { ensureApiKey } from './api-keys.ts'

const callersSchema = t.Array(
  t.Object({
    caller: t.String({ minLength: 1, maxLength: 64 }),
    scopes: t.Array(t.String(), { minItems: 1 }),
    key: t.String(),
  }),
  { maxItems: 20 },
)

/**
 * Makes a service's database accept API keys that were made before the service first ran, so that a cluster can be
 * declared in one go. `text` is JSON: `[{"caller": "user", "scopes": ["…"], "key": "bzk_…"}]`.
 * @throws {Error} when it is not; the message never shows it.
 */
export async function acceptKeys(text: string, options: { url: string; log: Log }): Promise<void> {
  const callers = parseCallers(text)
  const database = connectDatabase({ url: options.url, poolMax: 1, log: options.log })
  try {
    for (const caller of callers) await ensureApiKey(database, caller)
  } finally {
    await closeDatabase(database)
  }
}

function parseCallers(text: string): { caller: string; scopes: string[]; key: string }[] {
  const wanted = 'a JSON list of callers, each with caller, scopes and key'
  let callers: unknown
  try {
    callers = JSON.parse(text)
  } catch {
    // The parser's own error would show part of the keys.
    throw new Error(`Cannot read the API keys to accept: they are not ${wanted}`)
  }
  if (Value.Check(callersSchema, callers)) return callers
  throw new Error(`Cannot read the API keys to accept: they are not ${wanted}`)
}
