import { readFileSync } from 'node:fs'
import process from 'node:process'

/* What the programs of others share: where the services are, a picture, and how they fail. */

/** Where the services are. */
export const addresses = {
  user: given('BAZAAR_USER_URL'),
  inventory: given('BAZAAR_INVENTORY_URL'),
  order: given('BAZAAR_ORDER_URL'),
}

/** A picture of a kettle. */
export const PICTURE = new Blob([readFileSync('kettle.webp')], { type: 'image/webp' })

/** What goes wrong when a service refuses something that it should not: the status and the code say why. */
export function failed(status: number | undefined, problem: unknown): Error {
  const { code } = Object(problem)
  return new Error(`${status} ${code}: ${JSON.stringify(problem)}`)
}

function given(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`Set ${name}`)
  return value
}
