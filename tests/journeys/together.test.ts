import { expect, test } from 'bun:test'
import { newKey, newPerson, newProduct, placeForCertain, stockOf } from './world.ts'

/* Orders that are placed at the same moment share transactions; nobody who placed one can tell. */

const TOGETHER = 64
const SHELF = { stockCount: TOGETHER }
const RARE = { stockCount: 3 }

test('sixty-four orders at once are confirmed or refused each for itself, and take what they got', async () => {
  const [anna, bert] = await Promise.all([newPerson('SELLER', 'Anna'), newPerson('SELLER', 'Bert')])
  const buyers = await Promise.all([1, 2, 3, 4].map(() => newPerson('BUYER')))
  const [buyer] = buyers
  const offers = [
    ...[anna, bert, anna, bert].map((seller) => newProduct(seller, SHELF)),
    newProduct(bert, RARE),
  ]
  const [cup, pot, jug, pan, rare] = await Promise.all(offers)
  if (!cup || !pot || !jug || !pan || !rare || !buyer) throw new Error('somebody or something is missing')
  const shelf = [cup, pot, jug, pan]

  // Most take one of a product or of two; some want the rare one, one wants too many, one what nobody offers.
  const wanted = Array.from({ length: TOGETHER }, (_, index) => {
    const products = [shelf[index % 4], ...(index % 3 === 0 ? [shelf[(index + 1) % 4]] : [])]
    const lines = products.flatMap((productId) => (productId ? [{ productId, quantity: 1 }] : []))
    if (index % 8 === 5) lines.push({ productId: rare, quantity: 1 })
    if (index === 20) return [{ productId: cup, quantity: TOGETHER + 1 }]
    return index === 40 ? [...lines, { productId: newKey(), quantity: 1 }] : lines
  })
  const outcomes = await Promise.all(
    wanted.map((lines, index) => placeForCertain(buyers[index % buyers.length] ?? buyer, lines)),
  )

  const wantsRare = (index: number) => wanted[index]?.some(({ productId }) => productId === rare)
  const ofRare = outcomes.filter((_, index) => wantsRare(index))
  expect(ofRare.toSorted()).toEqual([...many(5, '409 out-of-stock'), ...many(3, 'confirmed')])
  const others = outcomes.filter((_, index) => !wantsRare(index))
  const expected = outcomes.map((_, index) => {
    if (index === 20) return '409 out-of-stock'
    return index === 40 ? '422 unknown-product' : 'confirmed'
  })
  expect(others).toEqual(expected.filter((_, index) => !wantsRare(index)))

  for (const productId of shelf) {
    const taken = wanted.filter(
      (lines, index) => outcomes[index] === 'confirmed' && lines.some((line) => line.productId === productId),
    )
    expect(await stockOf(productId)).toBe(TOGETHER - taken.length)
  }
  expect(await stockOf(rare)).toBe(0)
})

const many = (count: number, outcome: string) => Array.from({ length: count }, () => outcome)
