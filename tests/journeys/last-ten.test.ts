import { expect, test } from 'bun:test'
import { eachOf, newPerson, newProduct, placeForCertain, stockOf } from './world.ts'

test('exactly ten of a hundred buyers get a product with ten left when all ask at once', async () => {
  const seller = await newPerson('SELLER')
  const productId = await newProduct(seller, { name: 'The last ten', stockCount: 10 })
  const buyers = await eachOf(Array.from({ length: 100 }), 8, () => newPerson('BUYER'))
  const outcomes = await Promise.all(
    buyers.map((buyer) => placeForCertain(buyer, [{ productId, quantity: 1 }])),
  )
  expect(outcomes.toSorted()).toEqual([
    ...Array<string>(90).fill('409 out-of-stock'),
    ...Array<string>(10).fill('confirmed'),
  ])
  expect(await stockOf(productId)).toBe(0)
}, 600_000)
