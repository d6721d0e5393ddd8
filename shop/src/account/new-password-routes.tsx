import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { tryIt } from '../page/failure.ts'
import type { Visits } from '../visit/visiting.ts'
import { askedPage, forgottenPage, newPasswordPage } from './new-password-page.tsx'

/** The way back in for somebody who forgot their password. */
export function newPasswordRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/forgotten-password', ({ visit }) => show(visit, forgottenPage(visit, { typed: {} })))
    .post('/forgotten-password', async ({ visit, form }) => {
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.user.askForPasswordReset({ login: form.text('login') }),
      )
      if (refusal) return show(visit, forgottenPage(visit, { typed: form.typed, refusal }))
      return show(visit, askedPage(visit))
    })
    .get('/new-password', ({ visit }) => {
      const link = visit.url.searchParams.get('link') ?? ''
      return show(visit, newPasswordPage(visit, link, { typed: {} }))
    })
    .post('/new-password', async ({ visit, form }) => {
      const token = form.text('linkToken')
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.user.resetPassword({ token, newPassword: form.password('newPassword') }),
      )
      if (refusal) {
        const isEnded = refusal.code === 'wrong-credentials'
        const summary = isEnded ? visit.words.newPassword.ended : refusal.summary
        const typing = { typed: form.typed, refusal: { ...refusal, summary } }
        return show(visit, newPasswordPage(visit, token, typing))
      }
      visit.note('passwordChanged')
      return goTo(visit, '/log-in')
    })
}
