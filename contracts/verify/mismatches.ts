type Mismatch = { type?: string; path?: string; key?: string; mismatch?: string }
type Found = { mismatches?: Mismatch[]; message?: string }

/** What the verifier found wrong with one interaction, each in one line that begins with the field. */
export function mismatchesOf(found: unknown): string[] {
  const { mismatches = [], message }: Found = Object(found)
  const lines = mismatches.map(lineOf).sort()
  return lines.length > 0 ? lines : [message ?? `something that it does not say: ${JSON.stringify(found)}`]
}

function lineOf({ type, path, key, mismatch = 'is not as agreed' }: Mismatch): string {
  const missing = /^Actual map is missing the following keys: (.+)$/.exec(mismatch)?.[1]?.split(', ')
  if (missing)
    return `${missing.map((name) => `${path ?? '$'}.${name}`).join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing`
  const [last = mismatch] = mismatch.split(' - ').reverse()
  const reason = last.replace(/^Mismatch with header '[^']+': /, '')
  if (type === 'HeaderMismatch') return `header ${key}: ${reason}`
  if (type === 'MetadataMismatch') return `metadata ${key}: ${reason}`
  if (type === 'StatusMismatch') return `status: ${reason}`
  return path ? `${path}: ${reason}` : reason
}
