import { isPortFree } from '../src/processes/ports.ts'
import { SERVICES } from '../src/servers/databases.ts'

/** The first of five ports in a row that nobody listens on, for the shop and the services. */
export async function freePortBase(): Promise<number> {
  for (let base = 31_000; base < 40_000; base += 10) {
    const free = await Promise.all(['shop', ...SERVICES].map((_, index) => isPortFree(base + index)))
    if (free.every(Boolean)) return base
  }
  throw new Error('no five ports in a row are free')
}
