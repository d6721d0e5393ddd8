import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { createBazaar, problemOf } from '@bazaar/client'
import { mainLine, type Visitor } from './main-line.ts'

/* The main line as a program of somebody else's that has installed the client. */

const baseUrls = {
  user: process.env['BAZAAR_USER_URL'] ?? '',
  inventory: process.env['BAZAAR_INVENTORY_URL'] ?? '',
  order: process.env['BAZAAR_ORDER_URL'] ?? '',
}

function newVisitor(): Visitor {
  const { user, inventory, order } = createBazaar({ baseUrls })
  return {
    signUp: (person) => user.signUp(person),
    logIn: (login) => user.logIn(login),
    addAddress: async (address) => (await user.addAddress(address)).body,
    createProduct: async (product) => (await inventory.createProduct(product)).body,
    addPicture: async (productId, image) => {
      const shares: number[] = []
      const { body } = await inventory.addImage(
        { productId, image },
        { onProgress: ({ sentBytes, totalBytes }) => shares.push(sentBytes / totalBytes) },
      )
      assert.equal(shares.at(-1), 1)
      assert.deepEqual(
        shares,
        shares.toSorted((one, other) => one - other),
      )
      return body
    },
    readProduct: async (productId) => (await inventory.readProduct({ productId })).body,
    placeOrder: async (basket, idempotencyKey) => {
      const options = { idempotencyKey, settleWithinMs: 60_000 }
      try {
        return (await order.placeOrder(basket, options)).body
      } catch (error) {
        const problem = problemOf(error)
        if (problem?.code !== 'out-of-stock') throw error
        return { code: problem.code, productIds: problem.productIds ?? [] }
      }
    },
    readHistory: async (orderId) => {
      const events = []
      for await (const event of order.readHistory.each({ orderId, limit: 2 })) events.push(event)
      return events
    },
    cancelOrder: async (orderId, reason) => (await order.cancelOrder({ orderId, reason })).body,
  }
}

// The card is so slow that the order is answered with 202, and followed until it is settled.
const picture = new Blob([await readFile('kettle.webp')], { type: 'image/webp' })
await mainLine(newVisitor, { picture, cardToken: 'tok_timeout_0044' })
process.stdout.write('done\n')
