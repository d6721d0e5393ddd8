import { COUNTRIES } from '@bazaar/shared/api/countries'
import type { Page } from '../page/answer.tsx'
import { Choice, Field, Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

const KINDS = ['HOME', 'WORK', 'OTHER'] as const

/** An address to be written or changed. */
export function addressPage(visit: Visit, props: Typing & { addressId?: string }): Page {
  const { words } = visit
  const { addressId, ...typing } = props
  const title = addressId ? words.address.edit : words.address.add
  const isForOrder = typing.typed['next']?.startsWith('/checkout') ?? false
  return {
    title,
    status: typing.refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>{title}</h1>
        {isForOrder && <p>{words.address.forOrder}</p>}
        <Refused visit={visit} refusal={typing.refusal} />
        <Form visit={visit} action={`/addresses/${addressId ?? 'new'}`}>
          {typing.typed['next'] && <input type="hidden" name="next" value={typing.typed['next']} />}
          <Choice
            name="kind"
            label={words.address.kind}
            options={KINDS.map((kind) => [kind, words.address.kinds[kind]] as const)}
            chosen={typing.typed['kind']}
          />
          <Field {...typing} name="recipient" label={words.address.recipient} autocomplete="name" required />
          <Field {...typing} name="line1" label={words.address.line1} autocomplete="address-line1" required />
          <Field {...typing} name="line2" label={words.address.line2} autocomplete="address-line2" />
          <div class="pair">
            <Field
              {...typing}
              name="postalCode"
              label={words.address.postalCode}
              autocomplete="postal-code"
            />
            <Field
              {...typing}
              name="city"
              label={words.address.city}
              autocomplete="address-level2"
              required
            />
          </div>
          <Field {...typing} name="region" label={words.address.region} autocomplete="address-level1" />
          <Choice
            {...typing}
            name="country"
            label={words.address.country}
            autocomplete="country"
            required
            options={countriesIn(visit)}
            chosen={typing.typed['country'] ?? visit.country}
          />
          <button type="submit">{words.address.save}</button>
        </Form>
      </section>
    ),
  }
}

/** All countries by their names, with none chosen at the top. */
function countriesIn({ words, format, language }: Visit): (readonly [code: string, name: string])[] {
  const named = COUNTRIES.map((code) => [code, format.country(code)] as const)
  return [
    ['', words.address.chooseCountry],
    ...named.toSorted(([, one], [, other]) => one.localeCompare(other, language)),
  ]
}
