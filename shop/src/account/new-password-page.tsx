import type { Page } from '../page/answer.tsx'
import { Field, Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

/** Where somebody who forgot their password asks for a link. */
export function forgottenPage(visit: Visit, typing: Typing): Page {
  const { words } = visit
  return {
    title: words.newPassword.askTitle,
    status: typing.refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>{words.newPassword.askTitle}</h1>
        <Refused visit={visit} refusal={typing.refusal} />
        <Form visit={visit} action="/forgotten-password">
          <Field
            {...typing}
            name="login"
            label={words.logIn.login}
            autocomplete="username"
            required
            maxLength={254}
          />
          <button type="submit">{words.newPassword.ask}</button>
        </Form>
      </section>
    ),
  }
}

/** What they see then, whether there is such an account or not. */
export function askedPage({ words }: Visit): Page {
  return {
    title: words.newPassword.askedTitle,
    body: (
      <section class="narrow">
        <h1>{words.newPassword.askedTitle}</h1>
        <p>{words.newPassword.asked}</p>
      </section>
    ),
  }
}

/** What the link in the letter opens. */
export function newPasswordPage(visit: Visit, link: string, typing: Typing): Page {
  const { words } = visit
  return {
    title: words.newPassword.title,
    status: typing.refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>{words.newPassword.title}</h1>
        <Refused visit={visit} refusal={typing.refusal} />
        <Form visit={visit} action="/new-password">
          <input type="hidden" name="linkToken" value={link} />
          <Field
            {...typing}
            name="newPassword"
            label={words.newPassword.password}
            hint={words.signUp.passwordHint}
            type="password"
            autocomplete="new-password"
            required
            maxLength={256}
          />
          <button type="submit">{words.newPassword.submit}</button>
        </Form>
        <p>
          <a href="/forgotten-password">{words.newPassword.ask}</a>
        </p>
      </section>
    ),
  }
}
