import { DomainError } from '@bazaar/shared/problem'

/** There is no such product. */
export function productNotFound(): DomainError {
  return new DomainError('not-found', 'There is no such product')
}

/** The product is public, so who may not change it is told so. */
export function notYourProduct(): DomainError {
  return new DomainError('not-your-product', 'Only its seller may do this to a product')
}

/** Who changes it has not seen its latest state. */
export function changedMeanwhile(): DomainError {
  return new DomainError('precondition-failed', 'Read the product again: it was changed since')
}

/** What is archived stays as it is. */
export function productArchived(): DomainError {
  return new DomainError('product-archived', 'Cannot change a product that is archived; relist it first')
}

/** ISO 4217 does not know the code, or nobody is paid in it. */
export function unknownCurrency(): DomainError {
  return new DomainError('unknown-currency', 'Use a currency of ISO 4217, such as EUR', {
    errors: [{ pointer: '/currency', code: 'not-allowed' }],
  })
}

/** There is no such picture of this product. */
export function imageNotFound(): DomainError {
  return new DomainError('not-found', 'There is no such picture')
}

/** A product cannot have so many pictures. */
export function tooManyImages(imagesMax: number): DomainError {
  return new DomainError('too-many-images', `A product can have ${imagesMax} pictures; remove one first`)
}

/** What is named is not what the product has: something was added or removed meanwhile. */
export function imagesDiffer(): DomainError {
  return new DomainError('images-differ', 'Read the product again, and name each of its pictures once')
}

/** More would be taken than is there. */
export function stockWouldBeNegative(): DomainError {
  return new DomainError('stock-would-be-negative', 'Cannot take more than there is in stock')
}

/** More would be there than can be counted. */
export function stockWouldBeTooLarge(stockMax: number): DomainError {
  return new DomainError('stock-would-be-too-large', `Cannot have more than ${stockMax} units in stock`)
}

/** A product is named twice where its quantity in all is wanted: two checks of one stock would both succeed. */
export function duplicateProduct(): DomainError {
  return new DomainError('duplicate-product', 'Name each product once, with the quantity in all', {
    errors: [{ pointer: '/lines', code: 'duplicate-product' }],
  })
}

/** Some of the products are not there or no longer sold. */
export function productGone(productIds: string[]): DomainError {
  return new DomainError('product-gone', 'A product is no longer sold; nothing was reserved', {
    members: { productIds },
  })
}

/** Some of the products cost something else than the buyer was promised. */
export function priceChanged(productIds: string[]): DomainError {
  return new DomainError('price-changed', 'A price is not what was promised; nothing was reserved', {
    members: { productIds },
  })
}

/** There is not enough of some of the products; how much there is remains unsaid. */
export function outOfStock(productIds: string[]): DomainError {
  return new DomainError('out-of-stock', 'There is not enough in stock; nothing was reserved', {
    members: { productIds },
  })
}

/** The order already has a reservation, of something else. */
export function reservationMismatch(): DomainError {
  return new DomainError('reservation-mismatch', 'This order has reserved something else already')
}

/** The stock was not kept for longer than promised. */
export function reservationExpired(): DomainError {
  return new DomainError('reservation-expired', 'The reservation was not confirmed in time')
}

/** What was cancelled is not reserved again. */
export function orderCancelled(): DomainError {
  return new DomainError('order-cancelled', 'The order was cancelled')
}

/** Nothing was ever reserved for the order. */
export function reservationNotFound(): DomainError {
  return new DomainError('not-found', 'There is no reservation for this order')
}

/** A cancellation names more than is still reserved: somebody has to look at it. */
export function moreThanReserved(): DomainError {
  return new DomainError('more-than-reserved', 'Cannot give back more than is reserved')
}

/** A cancellation that was carried out comes again, with other lines. */
export function cancellationMismatch(): DomainError {
  return new DomainError('cancellation-mismatch', 'The cancellation was carried out with other lines')
}
