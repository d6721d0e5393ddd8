import type { address } from '@bazaar/shared/api/user'
import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { readTogether } from '@bazaar/shared/database/read-together'
import { and, count, desc, eq, isNotNull, or, sql } from 'drizzle-orm'
import { addresses } from '../tables.ts'

/** An address as its owner sees it. */
export type Address = typeof address.static

/** The fields of an address that its owner writes. */
export type AddressFields = Omit<Address, 'id' | 'isDefault'>

/** Identifies one address of one user: an address is never looked up without its owner. */
export type AddressId = { userId: string; addressId: string }

const defaultFirst = [sql`${addresses.defaultOf} is null`, addresses.id] as const

/** The addresses of a user: the default first, then in the order in which they were added. */
export async function listAddresses(connection: Reader, userId: string): Promise<Address[]> {
  const found = await connection
    .select()
    .from(addresses)
    .where(eq(addresses.userId, userId))
    .orderBy(...defaultFirst)
  return found.map(shown)
}

/** One address of a user. */
export async function findAddress(connection: Reader, which: AddressId): Promise<Address | undefined> {
  const [found] = await connection.select().from(addresses).where(isAddress(which))
  return found && shown(found)
}

/** One address of a user, read together with those of other requests. */
export const readAddress = readTogether(async (connection, all: AddressId[]) => {
  const found = await connection
    .select()
    .from(addresses)
    .where(or(...all.map(isAddress)))
  return all.map(({ userId, addressId }) => {
    const one = found.find((row) => row.userId === userId && row.id === addressId)
    return one && shown(one)
  })
})

/** How many addresses a user has. */
export async function countAddresses(tx: Transaction, userId: string): Promise<number> {
  const [found] = await tx.select({ count: count() }).from(addresses).where(eq(addresses.userId, userId))
  return found?.count ?? 0
}

/** Stores a new address, which is not the default yet. */
export async function insertAddress(tx: Transaction, which: AddressId, fields: AddressFields): Promise<void> {
  await tx.insert(addresses).values({ userId: which.userId, id: which.addressId, ...columns(fields) })
}

/** Replaces the fields that the owner wrote. */
export async function saveAddress(tx: Transaction, which: AddressId, fields: AddressFields): Promise<void> {
  await tx.update(addresses).set(columns(fields)).where(isAddress(which))
}

/** Makes an address the only default of its owner, who must be locked. */
export async function saveDefault(tx: Transaction, which: AddressId): Promise<void> {
  const { userId } = which
  await tx
    .update(addresses)
    .set({ defaultOf: null })
    .where(and(eq(addresses.userId, userId), isNotNull(addresses.defaultOf)))
  await tx.update(addresses).set({ defaultOf: userId }).where(isAddress(which))
}

/** Removes an address. */
export async function deleteAddress(tx: Transaction, which: AddressId): Promise<void> {
  await tx.delete(addresses).where(isAddress(which))
}

/** The id of the address that was added last. */
export async function findNewestAddressId(tx: Transaction, userId: string): Promise<string | undefined> {
  const [newest] = await tx
    .select({ id: addresses.id })
    .from(addresses)
    .where(eq(addresses.userId, userId))
    .orderBy(desc(addresses.id))
    .limit(1)
  return newest?.id
}

function isAddress({ userId, addressId }: AddressId) {
  return and(eq(addresses.userId, userId), eq(addresses.id, addressId))
}

/** The column is empty if the country has no postal codes. */
function columns({ line2, region, postalCode, ...fields }: AddressFields) {
  return { ...fields, line2: line2 ?? null, region: region ?? null, postalCode: postalCode ?? '' }
}

function shown(stored: typeof addresses.$inferSelect): Address {
  const { line2, region, defaultOf } = stored
  return {
    id: stored.id,
    kind: stored.kind,
    recipient: stored.recipient,
    line1: stored.line1,
    ...(line2 === null ? {} : { line2 }),
    city: stored.city,
    ...(region === null ? {} : { region }),
    ...(stored.postalCode === '' ? {} : { postalCode: stored.postalCode }),
    country: stored.country,
    isDefault: defaultOf !== null,
  }
}
