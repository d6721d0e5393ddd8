import { newId } from '@bazaar/shared/database/columns'
import { type Database, inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import { lockUser } from '../accounts/user-store.ts'
import { notAUserAnyMore, notFound } from '../errors.ts'
import {
  type Address,
  type AddressFields,
  type AddressId,
  countAddresses,
  deleteAddress,
  findAddress,
  findNewestAddressId,
  insertAddress,
  saveAddress,
  saveDefault,
} from './address-store.ts'
import { postalCodeOf, refuseUnknownCountry } from './country.ts'

/*
 * Every change of an address book locks the row of its owner, so no change sees half of another: if there are
 * addresses, exactly one is the default.
 */

const ADDRESSES_PER_USER_MAX = 50

type Omissible = 'line2' | 'region' | 'postalCode'
/** An address as its owner writes it: empty and null count as left out. */
type WrittenAddress = Omit<AddressFields, Omissible> & { [field in Omissible]?: string | null }

function fieldsOf({ line2, region, postalCode: code, ...fields }: WrittenAddress): AddressFields {
  refuseUnknownCountry(fields.country)
  const postalCode = postalCodeOf({ country: fields.country, postalCode: code ?? null })
  return {
    ...fields,
    ...(line2 ? { line2 } : {}),
    ...(region ? { region } : {}),
    ...(postalCode ? { postalCode } : {}),
  }
}

/**
 * Adds an address to a user's book. The first one is always the default.
 * @throws {DomainError} unknown-country, postal-code-missing or too-many-addresses.
 */
export async function addAddress(
  database: Database,
  request: { userId: string; fields: WrittenAddress; isDefault: boolean },
): Promise<Address> {
  const { userId } = request
  const fields = fieldsOf(request.fields)
  return changeBook(database, userId, async (tx) => {
    const count = await countAddresses(tx, userId)
    if (count >= ADDRESSES_PER_USER_MAX) {
      throw new DomainError(
        'too-many-addresses',
        `Delete an address first: you already have ${ADDRESSES_PER_USER_MAX}`,
      )
    }
    const which = { userId, addressId: newId() }
    await insertAddress(tx, which, fields)
    const isDefault = request.isDefault || count === 0
    if (isDefault) await saveDefault(tx, which)
    return { id: which.addressId, ...fields, isDefault }
  })
}

/**
 * Replaces an address. Existing orders keep the copy they made.
 * @throws {DomainError} unknown-country, postal-code-missing or not-found.
 */
export async function changeAddress(
  database: Database,
  which: AddressId,
  written: WrittenAddress,
): Promise<Address> {
  const fields = fieldsOf(written)
  return changeBook(database, which.userId, async (tx) => {
    const { id, isDefault } = await existing(tx, which)
    await saveAddress(tx, which, fields)
    return { id, ...fields, isDefault }
  })
}

/**
 * Makes an address the default in place of the present one.
 * @throws {DomainError} not-found.
 */
export async function makeDefaultAddress(database: Database, which: AddressId): Promise<Address> {
  return changeBook(database, which.userId, async (tx) => {
    const present = await existing(tx, which)
    await saveDefault(tx, which)
    return { ...present, isDefault: true }
  })
}

/**
 * Removes an address. If it was the default, the one added last takes its place.
 * @throws {DomainError} not-found.
 */
export async function removeAddress(database: Database, which: AddressId): Promise<void> {
  await changeBook(database, which.userId, async (tx) => {
    const { isDefault } = await existing(tx, which)
    await deleteAddress(tx, which)
    const newestId = isDefault ? await findNewestAddressId(tx, which.userId) : undefined
    if (newestId) await saveDefault(tx, { userId: which.userId, addressId: newestId })
  })
}

async function changeBook<T>(
  database: Database,
  userId: string,
  change: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return inTransaction(database, async (tx) => {
    if (!(await lockUser(tx, userId))) throw notAUserAnyMore()
    return change(tx)
  })
}

async function existing(tx: Transaction, which: AddressId): Promise<Address> {
  const found = await findAddress(tx, which)
  if (!found) throw notFound('address')
  return found
}
