import { readFile } from 'node:fs/promises'
import { inventory, type Person } from '../journeys/world.ts'

/** Gives a product a picture. */
export async function addPicture(seller: Person, productId: string, path: string): Promise<void> {
  const body = new Uint8Array(await readFile(path))
  await inventory.addImage({
    session: seller.session,
    params: { productId },
    body,
    contentType: 'image/webp',
  })
}
