import type { Page } from '../page/answer.tsx'
import { Field, Form, Refused, SendAgain, type Typing } from '../page/kit.tsx'
import type { KeptForm } from '../visit/kept-form.ts'
import { ownPath } from '../visit/same-site.ts'
import type { Visit } from '../visit/visit.ts'

const PASSWORD_LENGTH_MAX = 256

/** Where one logs in, and goes on to where one was. */
export function logInPage(visit: Visit, typing: Typing): Page {
  const { words, url } = visit
  const next = nextOf(visit, typing)
  const { kept } = typing.typed
  return {
    title: words.logIn.title,
    status: typing.refusal?.status ?? (kept ? 401 : 200),
    body: (
      <section class="narrow">
        <h1>{words.logIn.title}</h1>
        {(kept || url.searchParams.has('ended')) && (
          <p class="warning" role="status">
            {words.logIn.ended}
          </p>
        )}
        <Refused visit={visit} refusal={typing.refusal} />
        <Form visit={visit} action="/log-in">
          <input type="hidden" name="next" value={next} />
          {kept && <input type="hidden" name="kept" value={kept} />}
          <Field
            {...typing}
            name="login"
            label={words.logIn.login}
            autocomplete="username"
            required
            maxLength={254}
          />
          <Field
            {...typing}
            name="password"
            label={words.logIn.password}
            type="password"
            autocomplete="current-password"
            required
            maxLength={PASSWORD_LENGTH_MAX}
          />
          <button type="submit">{words.logIn.submit}</button>
        </Form>
        <p>
          <a href={`/sign-up?${new URLSearchParams({ next })}`}>{words.logIn.newHere}</a>
        </p>
        <p>
          <a href="/forgotten-password">{words.logIn.forgot}</a>
        </p>
      </section>
    ),
  }
}

/** After a log-in, the form that could not be taken before it. */
export function keptPage(visit: Visit, form: KeptForm): Page {
  const { logIn } = visit.words
  return {
    title: logIn.keptTitle,
    body: (
      <section class="narrow">
        <h1>{logIn.keptTitle}</h1>
        <p>{logIn.kept}</p>
        <SendAgain visit={visit} form={form} label={logIn.sendKept} />
      </section>
    ),
  }
}

/** Where one signs up, to buy or to sell. */
export function signUpPage(visit: Visit, typing: Typing): Page {
  const { words } = visit
  const next = nextOf(visit, typing)
  const asked = visit.url.searchParams.get('as') === 'seller' ? 'SELLER' : 'BUYER'
  const type = typing.typed['type'] ?? asked
  return {
    title: words.signUp.title,
    status: typing.refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>{words.signUp.title}</h1>
        <Refused visit={visit} refusal={typing.refusal} />
        <Form visit={visit} action="/sign-up">
          <input type="hidden" name="next" value={next} />
          <fieldset class="either">
            <legend>{words.signUp.as}</legend>
            <label class="check">
              <input type="radio" name="type" value="BUYER" checked={type !== 'SELLER'} />{' '}
              {words.signUp.buyer}
            </label>
            <label class="check">
              <input type="radio" name="type" value="SELLER" checked={type === 'SELLER'} />{' '}
              {words.signUp.seller}
            </label>
          </fieldset>
          <Field
            {...typing}
            name="name"
            label={words.signUp.name}
            autocomplete="name"
            required
            maxLength={120}
          />
          <Field
            {...typing}
            name="email"
            label={words.signUp.email}
            type="email"
            autocomplete="email"
            required
            maxLength={254}
          />
          <Field
            {...typing}
            name="mobileNumber"
            label={words.signUp.mobileNumber}
            hint={words.signUp.mobileHint}
            type="tel"
            autocomplete="tel"
            required
            maxLength={40}
          />
          <Field
            {...typing}
            name="password"
            label={words.signUp.password}
            hint={words.signUp.passwordHint}
            type="password"
            autocomplete="new-password"
            required
            maxLength={PASSWORD_LENGTH_MAX}
          />
          <button type="submit">{words.signUp.submit}</button>
        </Form>
        <p>
          <a href={`/log-in?${new URLSearchParams({ next })}`}>{words.signUp.have}</a>
        </p>
      </section>
    ),
  }
}

function nextOf({ url }: Visit, { typed }: Typing): string {
  return ownPath(typed['next'] ?? url.searchParams.get('next'))
}
