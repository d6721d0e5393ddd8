import { createHash, createHmac } from 'node:crypto'

/** What a link in a letter is for: the same id makes another token for each. */
export type LinkPurpose = 'password-reset' | 'email-verification'

/**
 * The token of a link, 256 bits that nobody can guess without the secret. It is made anew of the id whenever the letter
 * is sent, so it is stored nowhere, and a letter that is sent twice has the same.
 */
export function linkToken(secret: string, purpose: LinkPurpose, id: string): string {
  return createHmac('sha256', secret).update(`${purpose}:${id}`).digest('base64url')
}

/** What is stored of a token, to find what it is for. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
