import process from 'node:process'
import { newPerson, newProduct, type Person, place } from '../../journeys/world.ts'
import { type Answer, ask, type Call, type Credentials } from './ask.ts'
import { operationOf } from './operations.ts'
import { databases, select } from './rows.ts'
import type { ServiceName } from './stack.ts'
import { settingOf } from './stack.ts'

/** The people and things that the attacks are about. All of it is new and belongs to this file of tests alone. */
export type Market = {
  buyer: Person
  otherBuyer: Person
  seller: Person
  otherSeller: Person
  productId: string
  imageId: string
  /** An order of the buyer over the product; the seller’s sale. */
  orderId: string
}

const DAY_MS = 86_400_000

/** Who holds the keys that these tests issue; tests that run beside these have others. */
export const KEY_CALLER = `attacker-${process.pid}`

/** A picture of one pixel. */
export const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Two buyers, two sellers, a product with a picture, and an order of it. */
export async function openMarket(): Promise<Market> {
  const [buyer, otherBuyer] = [await newPerson('BUYER'), await newPerson('BUYER', 'Eve')]
  const [seller, otherSeller] = [await newPerson('SELLER', 'Anna'), await newPerson('SELLER', 'Mallory')]
  const productId = await newProduct(seller, { name: 'Walnut spoon', stockCount: 100_000 })
  const imageId = await newImage(seller, productId)
  const { body: order } = await place(buyer, [{ productId, quantity: 2 }])
  return { buyer, otherBuyer, seller, otherSeller, productId, imageId, orderId: order.id }
}

/** The session of somebody, as they send it. */
export function sessionOf({ session }: { session: string }): Credentials {
  return { session }
}

/** Adds a picture to a product and returns its id. */
export async function newImage(seller: Person, productId: string): Promise<string> {
  const call = { params: { productId }, body: PICTURE }
  return idIn(await succeed('inventory addImage', call, sessionOf(seller)))
}

/** The key that the stack itself issues keys with; its only scope is `keys:manage`. */
export function operatorKey(service: 'iam' | 'inventory'): Credentials {
  return { 'x-api-key': settingOf(service, 'BOOTSTRAP_API_KEY') }
}

/** An API key of a service. */
export type IssuedKey = { publicId: string; key: string; credentials: Credentials }

/** Issues a key that has the scopes. */
export async function newApiKey(
  service: Extract<ServiceName, 'iam' | 'inventory'>,
  scopes: readonly string[],
  caller = KEY_CALLER,
): Promise<IssuedKey> {
  const expiresAt = new Date(Date.now() + DAY_MS).toISOString()
  const { json } = await succeed(
    `${service} issueApiKey`,
    { body: { caller, scopes, expiresAt } },
    operatorKey(service),
  )
  const [publicId, key] = [textIn(json, 'publicId'), textIn(json, 'key')]
  return { publicId, key, credentials: { 'x-api-key': key } }
}

/**
 * Sends a call that must succeed.
 * @throws {Error} with the answer when it does not.
 */
export async function succeed(id: string, call: Call, credentials: Credentials): Promise<Answer> {
  const answer = await ask(operationOf(id), call, credentials)
  if (answer.status >= 300)
    throw new Error(`${id} was to succeed, but answered ${answer.status} ${answer.text}`)
  return answer
}

/** Revokes the keys that these tests issued: more than a hundred would keep others from issuing theirs. */
export async function forgetKeys(): Promise<void> {
  for (const name of databases.filter((one) => /iam|inventory/.test(one)))
    await select(
      `update \`${name}\`.api_keys set revoked_at = now(3) where revoked_at is null and caller = ?`,
      [KEY_CALLER],
    )
}

/** The `id` in an answer. */
export function idIn({ json }: Answer): string {
  return textIn(json, 'id')
}

/** A text in an answer. */
export function textIn(json: unknown, name: string): string {
  const value: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined
  if (typeof value !== 'string') throw new Error(`The answer has no "${name}"`)
  return value
}
