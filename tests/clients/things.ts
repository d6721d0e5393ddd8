import { readFileSync } from 'node:fs'
import {
  home,
  inventory,
  newDetails,
  newProduct,
  orders,
  type Person,
  place,
  users,
} from '../journeys/world.ts'

const PICTURE = new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url)

/** The password that the documents show, so that examples of changing it are right. */
const SHOWN_PASSWORD = 'correct horse battery staple'

/** Somebody new who has the password that the documents show. */
export async function newcomer(type: 'BUYER' | 'SELLER'): Promise<Person> {
  const { email, mobileNumber } = newDetails()
  const password = SHOWN_PASSWORD
  const { body: user } = await users.signUp({
    body: { type, name: 'Ada Lovelace', email, mobileNumber, password },
  })
  const { body: login } = await users.logIn({ body: { login: email, password } })
  const { body: address } = await users.addAddress({ session: login.session, body: home })
  return { id: user.id, session: login.session, addressId: address.id, email, mobileNumber, password }
}

/** The ids of things that an operation may use up, by the names that the documents have for them. */
export async function newThings(
  { buyer, seller, sender = buyer }: { buyer: Person; seller: Person; sender?: Person | undefined },
  { cardToken = 'tok_visa_4242', isShipped = false } = {},
): Promise<Record<string, string>> {
  const productId = await newProduct(seller, { stockCount: 5 })
  const { body: image } = await inventory.addImage({
    session: seller.session,
    params: { productId },
    body: new Uint8Array(readFileSync(PICTURE)),
    contentType: 'image/webp',
  })
  const { body: order } = await place(buyer, [{ productId, quantity: 1 }], { cardToken })
  if (isShipped) await orders.shipSale({ session: seller.session, params: { orderId: order.id }, body: {} })
  const { body: address } = await users.addAddress({ session: buyer.session, body: home })
  const { body: sessions } = await users.listSessions({ session: sender.session })
  return {
    productId,
    imageId: image.id,
    orderId: order.id,
    addressId: address.id,
    sellerId: seller.id,
    sessionId: sessions.items[0]?.sessionId ?? '',
  }
}
