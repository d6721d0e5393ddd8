import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { tryIt } from '../page/failure.ts'
import type { Visit } from '../visit/visit.ts'
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
      const isEnded = refusal?.code === 'wrong-credentials'
      if (refusal && !(isEnded && (await isVerified(visit)))) {
        const summary = isEnded ? visit.words.verifyEmail.ended : refusal.summary
        return show(visit, verifyEmailPage(visit, token, { typed: {}, refusal: { ...refusal, summary } }))
      }
      visit.note('verified')
      return goTo(visit, visit.role ? '/account' : '/')
    })
    .post('/account/verification', async ({ visit }) => {
      await visit.bazaar.user.askForEmailVerification()
      visit.note('linkSent')
      return goTo(visit, '/account')
    })
}

/** Whether it was done before: by the same link, whose answer got lost or whose button was pressed twice. */
async function isVerified({ role, bazaar }: Visit): Promise<boolean> {
  return role !== undefined && (await bazaar.user.readProfile()).body.emailVerifiedAt !== null
}
