const PRODUCTS = '/** Which products */\nproductIds?: string[]'
const ORDER_STATUS = '/** How far the order is */\norderStatus?: Order["status"]'
const LIMIT = '/** How many there may be */\nlimit?: number'

/**
 * What some problems have besides what all have. The contract does not declare it, so all of it may be missing; the
 * tests meet each of these.
 */
export const problemMembers: Record<string, string> = {
  'out-of-stock': PRODUCTS,
  'product-gone': PRODUCTS,
  'price-changed': PRODUCTS,
  'illegal-transition': ORDER_STATUS,
  'already-shipped': ORDER_STATUS,
  'too-many-unpaid-orders': LIMIT,
  'too-many-payment-attempts': LIMIT,
  'body-too-large': '/** How many bytes there may be */\nlimitBytes?: number',
  'open-business':
    '/** Up to twenty orders that still need you */\norderIds?: string[]\n/** Up to twenty of your products on the market */\nproductIds?: string[]',
}
