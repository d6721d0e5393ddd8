import type { Address } from '@bazaar/client'
import { type BasketGroup, lookUpBasket } from '../basket/look-up-basket.ts'
import type { Page } from '../page/answer.tsx'
import { Form, Refused, type Typing } from '../page/kit.tsx'
import type { Form as SentForm } from '../visit/form.ts'
import type { Visit } from '../visit/visit.ts'
import { PaymentFields } from './payment-choice.tsx'

type Props = Typing & {
  /** The Idempotency-Key of the order that this page makes. */
  key: string
  /** A form whose answer was lost: it is shown with the very lines that it had, to be sent again as it was. */
  asSent?: SentForm
}

/** Address, way to pay, and what it comes to; or the path of what has to be done before. */
export async function checkoutPage(visit: Visit, props: Props): Promise<Page | string> {
  const { words, bazaar, url } = visit
  const { key, asSent, ...typing } = props
  const [groups, { body: addresses }] = await Promise.all([lookUpBasket(visit), bazaar.user.listAddresses()])
  const currency = typing.typed['currency'] ?? url.searchParams.get('currency')
  const group = groups.find((one) => one.currency === currency) ?? groups[0]
  if (!group || !(group.canBeOrdered || typing.refusal)) return '/basket'
  const here = new URLSearchParams({ next: `/checkout?currency=${group.currency}` })
  const newAddress = `/addresses/new?${here}`
  if (addresses.items.length === 0) return newAddress
  return {
    title: words.checkout.title,
    status: typing.refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>{words.checkout.title}</h1>
        <Refused visit={visit} refusal={typing.refusal} />
        <Form visit={visit} action="/checkout">
          <input type="hidden" name="key" value={key} />
          <input type="hidden" name="currency" value={group.currency} />
          <Lines group={group} asSent={asSent} />
          <Addresses visit={visit} addresses={addresses.items} chosen={typing.typed['addressId']} />
          <p class="small">
            <a href={newAddress}>{words.checkout.addAddress}</a>
          </p>
          <PaymentFields visit={visit} typing={typing} />
          <Summary visit={visit} group={group} />
          <p class="actions end">
            <a href="/basket">{words.checkout.back}</a>
            <button type="submit" disabled={!group.canBeOrdered && !asSent}>
              {words.checkout.place(visit.format.money(group.totalMinor, group.currency))}
            </button>
          </p>
        </Form>
      </section>
    ),
  }
}

function Lines({ group, asSent }: { group: BasketGroup; asSent: SentForm | undefined }) {
  const lines =
    asSent?.all('line') ?? group.entries.map(({ productId, quantity }) => `${productId} ${quantity}`)
  return (
    <>
      <input type="hidden" name="total" value={asSent?.text('total') ?? String(group.totalMinor)} />
      {lines.map((line) => (
        <input type="hidden" name="line" value={line} />
      ))}
    </>
  )
}

function Addresses(props: { visit: Visit; addresses: readonly Address[]; chosen: string | undefined }) {
  const { visit, addresses, chosen } = props
  const { words, format } = visit
  return (
    <fieldset>
      <legend>{words.checkout.to}</legend>
      {addresses.map((address) => (
        <label class="check card-like">
          <input
            type="radio"
            name="addressId"
            value={address.id}
            required
            checked={chosen ? chosen === address.id : address.isDefault}
          />
          <span>
            <strong>{address.recipient}</strong>
            <br />
            {[address.line1, address.line2, address.postalCode, address.city].filter(Boolean).join(', ')},{' '}
            {format.country(address.country)}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Summary({ visit, group }: { visit: Visit; group: BasketGroup }) {
  const { words, format } = visit
  return (
    <>
      <h2>{words.checkout.items}</h2>
      <ul class="rows">
        {group.entries.map(({ productId, product, quantity, subtotalMinor }) => (
          <li>
            <span>
              {quantity} × {product?.name ?? productId}
            </span>
            <span class="price">{format.money(subtotalMinor, group.currency)}</span>
          </li>
        ))}
      </ul>
      <p class="total">
        <span>{words.basket.total}</span> <strong>{format.money(group.totalMinor, group.currency)}</strong>
      </p>
    </>
  )
}
