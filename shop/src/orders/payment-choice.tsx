import type { PaymentChoice } from '@bazaar/client'
import { Choice, Field, type Typing } from '../page/kit.tsx'
import type { Form } from '../visit/form.ts'
import type { Visit } from '../visit/visit.ts'

const TYPES = ['CARD', 'UPI', 'NET_BANKING', 'CASH_ON_DELIVERY'] as const
const CARDS = ['tok_visa_4242', 'tok_declined_0002', 'tok_timeout_0044'] as const

/** The ways to pay. What each of them needs is beside it, and is seen once that way is chosen. */
export function PaymentFields({ visit, typing }: { visit: Visit; typing: Typing }) {
  const { words } = visit
  const chosen = typing.typed['payment'] ?? 'CARD'
  return (
    <fieldset class="payment">
      <legend>{words.checkout.pay}</legend>
      {TYPES.map((type) => (
        <div class="way">
          <label class="check">
            <input type="radio" name="payment" value={type} checked={type === chosen} />{' '}
            {words.checkout.types[type]}
          </label>
          {type === 'CARD' && (
            <Choice
              name="cardToken"
              label={words.checkout.card}
              options={CARDS.map((card) => [card, words.checkout.cards[card]] as const)}
              chosen={typing.typed['cardToken']}
            />
          )}
          {type === 'UPI' && <Field {...typing} name="upiId" label={words.checkout.upiId} maxLength={97} />}
          {type === 'NET_BANKING' && (
            <Field {...typing} name="bankCode" label={words.checkout.bankCode} maxLength={11} />
          )}
        </div>
      ))}
    </fieldset>
  )
}

/** How the form says to pay, with nothing of the ways that were not chosen. */
export function paymentIn(form: Form): PaymentChoice {
  const type = TYPES.find((one) => one === form.text('payment')) ?? 'CARD'
  switch (type) {
    case 'CARD':
      return { type, cardToken: form.text('cardToken') }
    case 'UPI':
      return { type, ...(form.text('upiId') ? { upiId: form.text('upiId') } : {}) }
    case 'NET_BANKING':
      return { type, ...(form.text('bankCode') ? { bankCode: form.text('bankCode').toUpperCase() } : {}) }
    case 'CASH_ON_DELIVERY':
      return { type }
  }
}
