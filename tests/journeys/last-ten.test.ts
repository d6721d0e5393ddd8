import { expect, test } from 'bun:test'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { eachOf, eventually, newKey, newPerson, newProduct, place, refusal, stockOf } from './world.ts'

test('of a hundred buyers who ask at once for a product with ten left exactly ten get it', async () => {
  const seller = await newPerson('SELLER')
  const productId = await newProduct(seller, { name: 'The last ten', stockCount: 10 })
  const buyers = await eachOf(Array.from({ length: 100 }), 8, () => newPerson('BUYER'))
  const outcomes = await Promise.all(buyers.map((buyer) => attempt(buyer, productId)))
  expect(outcomes.filter((outcome) => outcome === 'confirmed')).toHaveLength(10)
  expect(outcomes.filter((outcome) => outcome === '409 out-of-stock')).toHaveLength(90)
  expect(await stockOf(productId)).toBe(0)
}, 120_000)

/** Asks with the same key until the outcome is certain, as a client should. */
async function attempt(buyer: Awaited<ReturnType<typeof newPerson>>, productId: string): Promise<string> {
  const key = newKey()
  return eventually(
    async () => {
      try {
        const { status } = await place(buyer, [{ productId, quantity: 1 }], { key })
        return status === 201 ? 'confirmed' : 'unknown'
      } catch (error) {
        if (error instanceof DependencyUnavailable) return 'unknown'
        const outcome = await refusal(Promise.reject(error))
        return outcome === '409 idempotency-key-in-use' ? 'unknown' : outcome
      }
    },
    (outcome) => outcome !== 'unknown',
  )
}
