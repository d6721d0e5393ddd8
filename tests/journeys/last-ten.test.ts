import { expect, test } from 'bun:test'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { eachOf, newKey, newPerson, newProduct, place, stockOf } from './world.ts'

test('exactly ten of a hundred buyers get a product with ten left when all ask at once', async () => {
  const seller = await newPerson('SELLER')
  const productId = await newProduct(seller, { name: 'The last ten', stockCount: 10 })
  const buyers = await eachOf(Array.from({ length: 100 }), 8, () => newPerson('BUYER'))
  const outcomes = await Promise.all(buyers.map((buyer) => attempt(buyer, productId)))
  expect(outcomes.toSorted()).toEqual([
    ...Array<string>(90).fill('409 out-of-stock'),
    ...Array<string>(10).fill('confirmed'),
  ])
  expect(await stockOf(productId)).toBe(0)
}, 120_000)

const ATTEMPTS_MAX = 60
/** The order is under way, or too much else is. */
const TRY_AGAIN = ['idempotency-key-in-use', 'too-many-requests']

/** Asks with the same key until the outcome is certain, at the pace that the service asks for. */
async function attempt(buyer: Awaited<ReturnType<typeof newPerson>>, productId: string): Promise<string> {
  const key = newKey()
  for (let count = 0; count < ATTEMPTS_MAX; count++) {
    try {
      const { status } = await place(buyer, [{ productId, quantity: 1 }], { key })
      if (status === 201) return 'confirmed'
    } catch (error) {
      const refused = error instanceof RemoteProblem && !TRY_AGAIN.includes(error.code)
      if (refused) return `${error.status} ${error.code}`
      if (!(error instanceof DependencyUnavailable || error instanceof RemoteProblem)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  return 'never certain'
}
