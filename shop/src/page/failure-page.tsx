import { ProblemError, UnreachableError } from '@bazaar/client'
import { DomainError } from '@bazaar/shared/problem'
import type { Form as SentForm } from '../visit/form.ts'
import type { Visit } from '../visit/visit.ts'
import type { Page } from './answer.tsx'
import { SendAgain } from './kit.tsx'

/** The request that failed: what finds it in the logs, the form that was sent, and the page that it is on. */
type Failed = { number: string; sent: SentForm | undefined; from: string }

/** The page for what went wrong: what is true, and what to do. A form that was sent can be sent again as it was. */
export function failurePage(visit: Visit, error: unknown, failed: Failed): Page {
  const { words } = visit
  const { status, title, text, retryAfterSeconds } = tell(visit, error)
  const again = failed.sent?.canBeSentAgain ? failed.sent : undefined
  return {
    title,
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) },
    body: (
      <section class="narrow failure">
        <h1>{title}</h1>
        <p>{text}</p>
        {status >= 429 && again && <p>{words.failure.sentText}</p>}
        <div class="actions">
          {status >= 429 &&
            (again ? (
              <SendAgain
                visit={visit}
                form={{ path: visit.url.pathname, entries: again.entries }}
                label={words.failure.again}
              />
            ) : (
              <Retry visit={visit} failed={failed} />
            ))}
          <a class="button quiet" href="/">
            {words.nav.home}
          </a>
        </div>
        {status >= 500 && (
          <p class="small">
            {words.failure.number} <code>{failed.number}</code>
          </p>
        )}
      </section>
    ),
  }
}

function Retry({ visit, failed }: { visit: Visit; failed: Failed }) {
  return (
    <a class="button" href={failed.from}>
      {visit.words.failure.again}
    </a>
  )
}

type Told = { status: number; title: string; text: string; retryAfterSeconds?: number | undefined }

function tell({ words: { failure } }: Visit, error: unknown): Told {
  const notFound = { status: 404, title: failure.notFound, text: failure.notFoundText }
  const away = { status: 503, title: failure.unavailable, text: failure.unavailableText }
  if (error instanceof UnreachableError) return { ...away, retryAfterSeconds: 5 }
  const code =
    error instanceof ProblemError ? error.problem.code : error instanceof DomainError ? error.code : ''
  const status = error instanceof ProblemError ? error.problem.status : 0
  const retryAfterSeconds = error instanceof ProblemError ? error.retryAfterSeconds : undefined
  if (code === 'too-many-requests') {
    const text = failure.busyText(Math.ceil(retryAfterSeconds ?? 1))
    return { status: 429, title: failure.busy, text, retryAfterSeconds }
  }
  if (error instanceof DomainError && code === 'malformed-request')
    return { status: 400, title: failure.notFound, text: failure.notFoundText }
  if (code === 'form-refused') return { status: 403, title: failure.form, text: failure.formText }
  if (code === 'body-too-large') return { status: 413, title: failure.tooLarge, text: failure.tooLargeText }
  if (code === 'forbidden') return { status: 403, title: failure.forbidden, text: failure.forbiddenText }
  if (status === 503) return { ...away, retryAfterSeconds: retryAfterSeconds ?? 5 }
  // An address that no service can read leads nowhere.
  if (['not-found', 'malformed-request', 'validation-failed'].includes(code)) return notFound
  return { status: 500, title: failure.internal, text: failure.internalText }
}
