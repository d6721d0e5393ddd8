import type { Page } from '../page/answer.tsx'
import { Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

/** What the link in the letter opens. A button, because programs that look through mail open links but press nothing. */
export function verifyEmailPage(visit: Visit, link: string, { refusal }: Typing): Page {
  const { words } = visit
  return {
    title: words.verifyEmail.title,
    status: refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>{words.verifyEmail.title}</h1>
        <Refused visit={visit} refusal={refusal} />
        <p>{words.verifyEmail.text}</p>
        <Form visit={visit} action="/verify-email">
          <input type="hidden" name="linkToken" value={link} />
          <button type="submit">{words.verifyEmail.submit}</button>
        </Form>
      </section>
    ),
  }
}
