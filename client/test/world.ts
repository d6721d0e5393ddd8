import { randomBytes, randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Bazaar, type BazaarOptions, createBazaar, problemOf } from '../src/bazaar.ts'
import { unlessBusy } from './unless-busy.ts'

/** Where the services of the stack under test are. */
export const baseUrls = {
  user: given('BAZAAR_USER_URL'),
  inventory: given('BAZAAR_INVENTORY_URL'),
  order: given('BAZAAR_ORDER_URL'),
}

/** The variables with which each service of the stack under test runs. */
export const environments: Record<string, Record<string, string>> = JSON.parse(given('BAZAAR_ENVIRONMENTS'))

/** A client of the stack under test, through whatever stands before its services. */
export function newBazaar(options: Partial<BazaarOptions> = {}): Bazaar {
  return createBazaar({ baseUrls, ...options })
}

/** A client in which a new buyer or seller has logged in. */
export async function newPerson(
  type: 'BUYER' | 'SELLER',
  options: Partial<BazaarOptions> = {},
): Promise<Bazaar> {
  return await unlessBusy(async () => {
    const bazaar = newBazaar(options)
    const details = newDetails()
    await bazaar.user.signUp({ type, name: 'Ada Lovelace', ...details })
    await bazaar.user.logIn({ login: details.email, password: details.password })
    return bazaar
  })
}

/** An e-mail address, a mobile number and a password that nobody else has. */
export function newDetails() {
  const unique = randomBytes(8).toString('hex')
  return {
    email: `${unique}@example.com`,
    mobileNumber: `+49${randomInt(10 ** 11, 10 ** 12)}`,
    password: `a quiet ${unique}`,
  }
}

/** What a seller offers. */
export const kettle = {
  name: 'Enamel kettle',
  description: 'Holds a litre and a half.',
  category: 'kitchen',
  priceMinor: 2_900,
  currency: 'EUR',
  stockCount: 10,
}

/** An address. */
export const home = {
  kind: 'HOME',
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
} as const

/** A seller with a kettle, and a buyer with an address, who pays by a card that works. */
export async function newMarket(options: Partial<BazaarOptions> = {}) {
  const [seller, buyer] = await Promise.all([newPerson('SELLER'), newPerson('BUYER', options)])
  const [{ body: product }, { body: address }] = await Promise.all([
    seller.inventory.createProduct(kettle),
    unlessBusy(() => buyer.user.addAddress(home)),
  ])
  const basket = (cardToken = 'tok_visa_4242') => ({
    lines: [{ productId: product.id, quantity: 1 }],
    addressId: address.id,
    payment: { type: 'CARD' as const, cardToken },
  })
  return { seller, buyer, product, basket }
}

/** The code of the problem that a call meets. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  const problem = problemOf(error)
  if (problem) return problem.code
  throw new Error('expected a problem', { cause: error })
}

/** The file of a picture. */
export const PICTURE_FILE = fileURLToPath(
  new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url),
)

/** A picture of a kettle. */
export async function readPicture(): Promise<Blob> {
  return new Blob([await readFile(PICTURE_FILE)], { type: 'image/webp' })
}

function given(variable: string): string {
  const value = process.env[variable]
  if (!value)
    throw new Error(
      `Set ${variable}: the client is tried on running services. "./bazaar test client" does all that.`,
    )
  return value
}
