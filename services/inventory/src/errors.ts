import { DomainError } from '@bazaar/shared/problem'

/** There is no such product. */
export function productNotFound(): DomainError {
  return new DomainError('not-found', 'There is no such product')
}

/** The caller is not the seller. A product is public, so the answer need not hide that it exists. */
export function notYourProduct(): DomainError {
  return new DomainError('not-your-product', 'Only the seller of this product may do this')
}

/** The product changed after the caller read it. */
export function changedMeanwhile(): DomainError {
  return new DomainError('precondition-failed', 'The product has changed since you read it; read it again')
}

/** An archived product cannot be changed. */
export function productArchived(): DomainError {
  return new DomainError('product-archived', 'Cannot change an archived product; relist it first')
}

/** The code is not in ISO 4217, or is not money that people pay with. */
export function unknownCurrency(): DomainError {
  return new DomainError('unknown-currency', 'Use an ISO 4217 currency code such as EUR', {
    errors: [{ pointer: '/currency', code: 'not-allowed' }],
  })
}

/** The name of a property holds the number of a card, which is kept nowhere. */
export function cardNumberAsName(): DomainError {
  return new DomainError('validation-failed', 'Leave out the number of a card', {
    errors: [{ pointer: '/properties', code: 'card-number' }],
  })
}

/** There is no such picture of this product. */
export function imageNotFound(): DomainError {
  return new DomainError('not-found', 'There is no such picture')
}

/** The product already has the most pictures it can have. */
export function tooManyImages(imagesMax: number): DomainError {
  return new DomainError(
    'too-many-images',
    `A product can have at most ${imagesMax} pictures; remove one first`,
  )
}

/** The pictures named are not those the product has, because some were added or removed in the meantime. */
export function imagesDiffer(): DomainError {
  return new DomainError('images-differ', 'Read the product again and name each of its pictures exactly once')
}

/** The change would take more units than there are in stock. */
export function stockWouldBeNegative(): DomainError {
  return new DomainError('stock-would-be-negative', 'Cannot take more units than there are in stock')
}

/** The change would raise the stock above the limit. */
export function stockWouldBeTooLarge(stockMax: number): DomainError {
  return new DomainError('stock-would-be-too-large', `Cannot have more than ${stockMax} units in stock`)
}

/** A product is named twice: two checks of the same stock would both succeed. */
export function duplicateProduct(): DomainError {
  return new DomainError('duplicate-product', 'Name each product once, with its total quantity', {
    errors: [{ pointer: '/lines', code: 'duplicate-product' }],
  })
}

/** Some of the products do not exist or are no longer sold. */
export function productGone(productIds: string[]): DomainError {
  return new DomainError('product-gone', 'A product is no longer sold; nothing was reserved', {
    members: { productIds },
  })
}

/** Some of the products no longer cost what the buyer was promised. */
export function priceChanged(productIds: string[]): DomainError {
  return new DomainError('price-changed', 'A price has changed; nothing was reserved', {
    members: { productIds },
  })
}

/** Some of the products are short. The answer does not say how many are left. */
export function outOfStock(productIds: string[]): DomainError {
  return new DomainError('out-of-stock', 'There is not enough in stock; nothing was reserved', {
    members: { productIds },
  })
}

/** The order already has a reservation for different products or quantities. */
export function reservationMismatch(): DomainError {
  return new DomainError('reservation-mismatch', 'This order already has a different reservation')
}

/** The session is one in which the account was to be closed. */
export function accountClosing(): DomainError {
  return new DomainError('account-closing', 'To go on selling, log in again in a minute')
}

/** The deployment wants sellers whose e-mail address is verified. */
export function emailNotVerified(): DomainError {
  return new DomainError(
    'email-not-verified',
    'Use the link in the letter to your e-mail address, then try again',
  )
}

/** The hold on the stock ran out. */
export function reservationExpired(): DomainError {
  return new DomainError('reservation-expired', 'The reservation was not confirmed in time')
}

/** A cancelled order gets no reservation. */
export function orderCancelled(): DomainError {
  return new DomainError('order-cancelled', 'The order was cancelled')
}

/** Nothing was ever reserved for the order. */
export function reservationNotFound(): DomainError {
  return new DomainError('not-found', 'There is no reservation for this order')
}

/** A cancellation names more than is still reserved: a person has to look into it. */
export function moreThanReserved(): DomainError {
  return new DomainError('more-than-reserved', 'Cannot give back more than is reserved')
}

/** A cancellation that was already carried out arrived again with different lines. */
export function cancellationMismatch(): DomainError {
  return new DomainError(
    'cancellation-mismatch',
    'This cancellation was already carried out with different lines',
  )
}
