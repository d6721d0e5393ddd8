import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { tryIt } from '../page/failure.ts'
import type { Form } from '../visit/form.ts'
import { ownPath } from '../visit/same-site.ts'
import type { Visits } from '../visit/visiting.ts'
import { accountPage } from './account-page.tsx'
import { addressPage } from './address-page.tsx'

const ACCOUNT = '/account'

/** What somebody keeps with the shop: profile, password, sessions, addresses, and the account itself. */
export function accountRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .use(addressRoutes({ plugin }))
    .get(ACCOUNT, async ({ visit }) => show(visit, await accountPage(visit)))
    .post('/account/profile', async ({ visit, form }) => {
      const currentPassword = form.password('currentPassword')
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.user.changeProfile({
          name: form.text('name'),
          email: form.text('email'),
          mobileNumber: form.text('mobileNumber'),
          ...(currentPassword ? { currentPassword } : {}),
        }),
      )
      if (refusal)
        return show(visit, await accountPage(visit, { part: 'profile', typed: form.typed, refusal }))
      visit.note('saved')
      return goTo(visit, ACCOUNT)
    })
    .post('/account/password', async ({ visit, form }) => {
      const { refusal } = await tryIt(
        visit,
        () =>
          visit.bazaar.user.changePassword({
            currentPassword: form.password('currentPassword'),
            newPassword: form.password('newPassword'),
          }),
        { isRepeatable: false },
      )
      if (refusal) return show(visit, await accountPage(visit, { part: 'password', typed: {}, refusal }))
      visit.note('passwordChanged')
      return goTo(visit, ACCOUNT)
    })
    .post('/account/sessions/end', async ({ visit, form }) => {
      await visit.bazaar.user.endSession({ sessionId: form.text('sessionId') })
      visit.note('sessionEnded')
      return goTo(visit, ACCOUNT)
    })
    .post('/account/sessions/end-all', async ({ visit }) => {
      await visit.bazaar.user.logOutEverywhere()
      visit.endSession()
      visit.note('loggedOut')
      return goTo(visit, '/')
    })
    .post('/account/close', async ({ visit, form }) => {
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.user.closeAccount({ currentPassword: form.password('currentPassword') }),
      )
      if (refusal) return show(visit, await accountPage(visit, { part: 'close', typed: {}, refusal }))
      visit.endSession()
      visit.note('closed')
      return goTo(visit, '/')
    })
}

function addressRoutes({ plugin }: Pick<Visits, 'plugin'>) {
  return new Elysia()
    .use(plugin)
    .get('/addresses/new', async ({ visit }) => {
      // Asked only to send whoever is not logged in to where they can.
      await visit.bazaar.user.listAddresses()
      return show(visit, addressPage(visit, { typed: { next: visit.url.searchParams.get('next') ?? '' } }))
    })
    .post('/addresses/new', async ({ visit, form }) => {
      const { refusal } = await tryIt(visit, () => visit.bazaar.user.addAddress(addressIn(form)), {
        isRepeatable: false,
      })
      if (refusal) return show(visit, addressPage(visit, { typed: form.typed, refusal }))
      visit.note('saved')
      return goTo(visit, ownPath(form.text('next') || ACCOUNT))
    })
    .get('/addresses/:addressId', async ({ visit, params }) => {
      const { body } = await visit.bazaar.user.readAddress(params)
      const typed = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
      return show(visit, addressPage(visit, { typed, addressId: params.addressId }))
    })
    .post('/addresses/:addressId', async ({ visit, params, form }) => {
      const { addressId } = params
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.user.changeAddress({ addressId, ...addressIn(form) }),
      )
      if (refusal) return show(visit, addressPage(visit, { typed: form.typed, refusal, addressId }))
      visit.note('saved')
      return goTo(visit, ACCOUNT)
    })
    .post('/addresses/:addressId/default', async ({ visit, params }) => {
      await visit.bazaar.user.makeDefaultAddress(params)
      visit.note('saved')
      return goTo(visit, ACCOUNT)
    })
    .post('/addresses/:addressId/delete', async ({ visit, params }) => {
      await visit.bazaar.user.deleteAddress(params)
      visit.note('saved')
      return goTo(visit, ACCOUNT)
    })
}

function addressIn(form: Form) {
  const kind = (['HOME', 'WORK'] as const).find((one) => one === form.text('kind')) ?? ('OTHER' as const)
  return {
    kind,
    recipient: form.text('recipient'),
    line1: form.text('line1'),
    line2: form.text('line2') || null,
    city: form.text('city'),
    region: form.text('region') || null,
    postalCode: form.text('postalCode') || null,
    country: form.text('country').toUpperCase(),
  }
}
