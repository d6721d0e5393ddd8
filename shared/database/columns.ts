import { customType, datetime } from 'drizzle-orm/mysql-core'
import { v7 } from 'uuid'

/** A new UUIDv7: unique without coordination, and sorted by time of creation (RFC 9562). */
export function newId(): string {
  return v7()
}

/**
 * A new id that sorts after another one, even if that was made by a machine whose clock is ahead. Ids made this way
 * under the lock of the thing they belong to form a sequence that all instances agree on.
 */
export function newIdAfter(id: string | undefined): string {
  const fresh = newId()
  if (id === undefined || fresh > id) return fresh
  const madeAtMs = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
  return v7({ msecs: madeAtMs + 1 })
}

/** An id before all that are made from a moment on. */
export function idBefore(moment: Date): string {
  return v7({ msecs: moment.getTime(), seq: 0, random: new Uint8Array(16) })
}

const binaryUuid = customType<{ data: string; driverData: Buffer }>({
  dataType: () => 'binary(16)',
  toDriver: (text) => Buffer.from(text.replaceAll('-', ''), 'hex'),
  fromDriver: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
})

/** A UUID: sixteen bytes in the table, the usual text everywhere else. */
export function uuid(name: string) {
  return binaryUuid(name)
}

/** A fixed number of bytes, such as the SHA-256 of a secret. */
export const bytes = customType<{ data: Buffer; config: { length: number }; configRequired: true }>({
  dataType: (config) => `binary(${config.length})`,
})

/** The content of a file, up to 16 MiB. */
export const fileContent = customType<{ data: Buffer }>({ dataType: () => 'mediumblob' })

/** A moment in UTC with milliseconds. The session's time zone is UTC, so `now(3)` and these agree. */
export function instant(name: string) {
  return datetime(name, { mode: 'date', fsp: 3 })
}

/** A JSON value. MariaDB stores it as text and the driver does not always parse it, so text is parsed here. */
export function jsonText<T>(name: string) {
  return customType<{ data: T; driverData: string }>({
    dataType: () => 'json',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  })(name)
}
