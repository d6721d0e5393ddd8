import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { isLoggedOut, type Refusal, tryIt } from '../page/failure.ts'
import type { Form } from '../visit/form.ts'
import { readKeptForm } from '../visit/kept-form.ts'
import { ownPath } from '../visit/same-site.ts'
import type { Visit } from '../visit/visit.ts'
import type { Visits } from '../visit/visiting.ts'
import { LANGUAGES } from '../words/words.ts'
import { keptPage, logInPage, signUpPage } from './log-in-page.tsx'

/** Signing up, logging in and out, and the language. */
export function sessionRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/log-in', ({ visit }) => show(visit, logInPage(visit, { typed: {} })))
    .post('/log-in', async ({ visit, form }) => {
      const refusal = await logIn(visit, form, form.text('login'))
      if (refusal) return show(visit, logInPage(visit, { typed: form.typed, refusal }))
      const kept = readKeptForm(form.text('kept'))
      if (kept) return show(visit, keptPage(visit, kept))
      return goTo(visit, afterLogIn(visit, form))
    })
    .get('/sign-up', ({ visit }) => show(visit, signUpPage(visit, { typed: {} })))
    .post('/sign-up', async ({ visit, form }) => {
      const [name = '', email = '', mobileNumber = ''] = ['name', 'email', 'mobileNumber'].map(form.text)
      const type = form.text('type') === 'SELLER' ? 'SELLER' : 'BUYER'
      const { refusal } = await tryIt(
        visit,
        () =>
          visit.bazaar.user.signUp({
            type,
            name,
            email,
            mobileNumber,
            password: form.password('password'),
          }),
        { isRepeatable: false },
      )
      if (refusal) return show(visit, signUpPage(visit, { typed: form.typed, refusal }))
      // Signed up is signed up: when the log-in fails now, they do it by themselves.
      if (await logIn(visit, form, email)) return goTo(visit, '/log-in')
      visit.note('signedUp')
      return goTo(visit, afterLogIn(visit, form))
    })
    .post('/log-out', async ({ visit }) => {
      // A session that has ended by itself needs no log-out. If nobody can be reached it lives on, and so does the cookie.
      await visit.bazaar.user.logOut().catch((error: unknown) => {
        if (!isLoggedOut(error)) throw error
      })
      visit.endSession()
      visit.note('loggedOut')
      return goTo(visit, '/')
    })
    .post('/language', ({ visit, form }) => {
      const language = LANGUAGES.find((one) => one === form.text('language'))
      if (language) visit.speak(language)
      return goTo(visit, ownPath(form.text('next')))
    })
}

async function logIn(visit: Visit, form: Form, login: string): Promise<Refusal | undefined> {
  const { done, refusal } = await tryIt(visit, () =>
    visit.bazaar.user.logIn({ login, password: form.password('password') }),
  )
  if (refusal) return refusal
  const { session: key, userType, expiresAt } = done.body
  visit.beginSession({ key, role: userType, expiresAt })
  return undefined
}

/** Back to where they were; else to what somebody of that kind does first. */
function afterLogIn(visit: Visit, form: Form): string {
  const next = ownPath(form.text('next'))
  return next === '/' && visit.role === 'SELLER' ? '/desk' : next
}
