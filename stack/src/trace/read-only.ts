import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'

const CONNECT_TIMEOUT_MS = 5_000

/** Reads with one account in a transaction that can change nothing. */
export async function readOnly<T>(uri: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({
    uri,
    timezone: 'Z',
    connectTimeout: CONNECT_TIMEOUT_MS,
    // All bytes that are asked for are ids.
    typeCast: (_, next) => {
      const value: unknown = next()
      return Buffer.isBuffer(value) ? textOf(value) : value
    },
  })
  try {
    await connection.query("set session time_zone = '+00:00'")
    await connection.query('start transaction read only')
    return await work(connection)
  } finally {
    connection.destroy()
  }
}

type Value = string | Buffer | string[] | Buffer[]

/** All rows of a statement. */
export async function rowsOf<T>(connection: Connection, statement: string, values: Value[]): Promise<T[]> {
  const [rows] = await connection.query<(RowDataPacket & T)[]>(statement, values)
  return rows
}

/** The sixteen bytes of an id. */
export function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function textOf(id: Buffer): string {
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
