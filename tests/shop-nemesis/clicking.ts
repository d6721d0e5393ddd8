import type { Person } from './person.ts'

/* What buyers and sellers do, page by page, and what they are told. */

/** Buys one unit of a product, looks at the order, and cancels every third one. */
export async function buy(
  buyer: Person,
  { productId, round }: { productId: string; round: number },
): Promise<void> {
  const { page, told } = buyer
  await buyer.at(`/products/${productId}`)
  await buyer.press('Add to basket')
  await buyer.at('/checkout')
  if (!page.url().includes('/checkout')) {
    // The basket says that it cannot be ordered now: somebody else's fault, or one of the services'.
    return
  }
  const refused = await buyer.press('Order and pay')
  if (refused !== undefined) {
    told.orders.push({ refused })
    return
  }
  const orderId = await lookAt(buyer)
  told.orders.push({ orderId })
  if (round % 3 === 2) await cancel(buyer, orderId)
}

async function cancel(buyer: Person, orderId: string): Promise<void> {
  await buyer.at(`/orders/${orderId}`)
  const status = await statusOn(buyer)
  // One that is being completed has a page that loads itself again, under the fingers.
  if (status !== 'CONFIRMED') return
  await buyer.page.locator('summary', { hasText: 'Cancel' }).click()
  await buyer.press('Cancel the whole order')
  await lookAt(buyer)
  if ((await statusOn(buyer)) === 'CANCELLED') buyer.told.cancelled.push(orderId)
}

/** The order that the page shows; how it is shown is remembered. */
async function lookAt(buyer: Person): Promise<string> {
  const [, orderId] = /\/orders\/([0-9a-f-]{36})/.exec(buyer.page.url()) ?? []
  if (!orderId) throw new Error(`No order is shown at ${buyer.page.url()}, and no refusal`)
  buyer.told.seen.push({ orderId, status: await statusOn(buyer) })
  return orderId
}

async function statusOn({ page }: Person): Promise<string> {
  const name = (await page.locator('h1 .badge').getAttribute('class')) ?? ''
  return name.replace('badge ', '').toUpperCase()
}

/** Adds units to a product, offers another one, and sends the oldest sale that waits. */
export async function sell(
  seller: Person,
  { productId, round }: { productId: string; round: number },
): Promise<void> {
  const { page, told } = seller
  const delta = round + 1
  await seller.at(`/desk/products/${productId}`)
  await page.locator('#delta').fill(String(delta))
  if ((await seller.press('Adjust the stock')) === undefined) told.added.push({ productId, delta })

  const name = `Nemesis ${round}`
  await seller.at('/desk/products/new')
  for (const [field, value] of Object.entries({
    name,
    description: 'x',
    category: 'kitchen',
    price: '5',
    stockCount: '1',
  }))
    await page.locator(`#${field}`).fill(value)
  if ((await seller.press('Offer it')) === undefined)
    told.offered.push({ name, productId: page.url().split('/').at(-1) ?? '' })

  await seller.at('/desk/sales?status=AWAITING_SHIPMENT')
  const sales = page.locator('.entry')
  const first = (await sales.count()) > 0 ? await sales.first().getAttribute('href') : null
  if (first === null) return
  await seller.at(first)
  if ((await page.getByRole('button', { name: 'It is sent' }).count()) === 0) return
  await seller.press('It is sent')
  if ((await statusOn(seller)) === 'SHIPPED') told.sent.push(first.split('/').at(-1) ?? '')
}
