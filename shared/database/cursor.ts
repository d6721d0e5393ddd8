import { createHmac, timingSafeEqual } from 'node:crypto'
import { DomainError } from '../problem.ts'

/**
 * A cursor for the next page of a list: the place where the last page ended, signed, so that clients can neither read
 * meaning into it nor make one up. `list` names the list and its filters; a cursor works for that list only.
 */
export function encodeCursor(secret: string, list: string, position: (string | number)[]): string {
  const text = Buffer.from(JSON.stringify(position)).toString('base64url')
  return `${text}.${sign(secret, list, text).toString('base64url')}`
}

/**
 * The position in a cursor that this service made for this list.
 * @throws {DomainError} validation-failed for any other cursor.
 */
export function decodeCursor(secret: string, list: string, cursor: string): (string | number)[] {
  const [text = '', signature = ''] = cursor.split('.')
  const wanted = sign(secret, list, text)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new DomainError('validation-failed', 'The cursor does not belong to this list', {
      errors: [{ pointer: '/query/cursor', code: 'unknown-cursor' }],
    })
  }
  return JSON.parse(Buffer.from(text, 'base64url').toString())
}

function sign(secret: string, list: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`${list}\n${text}`).digest().subarray(0, 16)
}
