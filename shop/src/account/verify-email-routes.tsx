import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { tryIt } from '../page/failure.ts'
import type { Visits } from '../visit/visiting.ts'
import { verifyEmailPage } from './verify-email-page.tsx'

/** The way from the letter to a verified e-mail address, and to another letter. */
export function verifyEmailRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/verify-email', ({ visit }) => {
      const link = visit.url.searchParams.get('link') ?? ''
      return show(visit, verifyEmailPage(visit, link, { typed: {} }))
    })
    .post('/verify-email', async ({ visit, form }) => {
      const token = form.text('linkToken')
      const { refusal } = await tryIt(visit, () => visit.bazaar.user.verifyEmail({ token }), {
        isRepeatable: false,
      })
      if (refusal) {
        const isEnded = refusal.code === 'wrong-credentials'
        const summary = isEnded ? visit.words.verifyEmail.ended : refusal.summary
        return show(visit, verifyEmailPage(visit, token, { typed: {}, refusal: { ...refusal, summary } }))
      }
      visit.note('verified')
      return goTo(visit, '/')
    })
    .post('/account/verification', async ({ visit }) => {
      await visit.bazaar.user.askForEmailVerification()
      visit.note('linkSent')
      return goTo(visit, '/account')
    })
}
