import type { Page } from '../page/answer.tsx'
import type { Visit } from '../visit/visit.ts'
import type { Report } from './ask-services.ts'

/** How the services are, and what is waiting, as `./bazaar status` shows it, as far as the shop can see. */
export function operatorPage(visit: Visit, reports: readonly Report[]): Page {
  const { operator: words } = visit.words
  return {
    title: words.title,
    body: (
      <div class="narrow">
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.service}</th>
              <th scope="col">{words.state}</th>
              <th scope="col">{words.faults}</th>
            </tr>
          </thead>
          <tbody>
            {reports.map(({ name, state, faults }) => (
              <tr>
                <th scope="row">{name}</th>
                <td>{words.states[state]}</td>
                <td>{faults.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <h2>{words.waiting}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.howMany}</th>
              <th scope="col">{words.oldest}</th>
            </tr>
          </thead>
          <tbody>
            <Row
              visit={visit}
              reports={reports}
              what={words.orders}
              count="orders_pending"
              age="orders_pending_oldest_age_seconds"
            />
            <Row
              visit={visit}
              reports={reports}
              what={words.messages}
              count="outbox_unsent"
              age="outbox_oldest_age_seconds"
            />
            <Row visit={visit} reports={reports} what={words.dead} count="messages_dead_lettered_total" />
            <Row
              visit={visit}
              reports={reports}
              what={words.differences}
              count="reconciliation_differences_total"
            />
            <Row visit={visit} reports={reports} what={words.violations} count="invariant_violation_total" />
          </tbody>
        </table>
      </div>
    ),
  }
}

type RowProps = { visit: Visit; reports: readonly Report[]; what: string; count: string; age?: string }

/** The sum of a figure over the services that tell it, and the greatest age. What is counted is told once it happened. */
function Row({ visit, reports, what, count, age }: RowProps) {
  const { words, format } = visit
  const told = (name: string | undefined) =>
    reports.flatMap(({ figures }) => {
      const figure = name === undefined ? undefined : figures[name]
      return figure === undefined || Number.isNaN(figure) ? [] : [figure]
    })
  const [counts, ages] = [told(count), told(age)]
  const isTold = reports.some(({ figures }) => Object.keys(figures).length > 0)
  const isKnown = counts.length > 0 || (count.endsWith('_total') && isTold)
  return (
    <tr>
      <th scope="row">{what}</th>
      <td class="number">
        {isKnown ? format.number(counts.reduce((sum, one) => sum + one, 0)) : words.operator.unknown}
      </td>
      <td class="number">{ages.length === 0 ? '' : `${format.number(Math.round(Math.max(...ages)))} s`}</td>
    </tr>
  )
}

/** Who may look, and how to say that one may. */
export function operatorsOnlyPage({ words }: Visit): Page {
  return {
    title: words.operator.title,
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="operator", charset="UTF-8"' },
    body: (
      <section class="narrow failure">
        <h1>{words.operator.locked}</h1>
        <p>{words.operator.lockedText}</p>
      </section>
    ),
  }
}
