import { leavesOf } from '../consumers/needed.ts'
import type { Interaction } from '../verify/pact-file.ts'
import { type Answered, changeAt, fieldBreaks, type Plant, reordered, withUnknownFields } from './plant.ts'

/** All changes of a provider that are planted for a request and its answer. */
export function httpPlants(interaction: Interaction): Plant[] {
  const { response } = interaction
  const succeeds = (response?.status ?? 0) < 300
  return [
    ...answerBreaks(interaction),
    // A refusal may stay the same whatever else is wrong with the request; a success may not.
    ...(succeeds ? requestBreaks(interaction) : []),
    ...harmless(interaction),
  ]
}

function answerBreaks({ response }: Interaction): Plant[] {
  const fields = leavesOf(response?.body?.content, []).flatMap((path) =>
    fieldBreaks.map(
      ({ word, change }): Plant => ({
        name: `${word} $.${path.join('.')} of the answer`,
        kind: 'break',
        answer: (answered) => ({ ...answered, body: changeAt(answered.body, path, change) }),
      }),
    ),
  )
  const headers = Object.keys(response?.headers ?? {}).map((header): Plant => {
    const name = header.toLowerCase()
    return {
      name: `rename the header ${header} of the answer`,
      kind: 'break',
      answer: ({ headers: { [name]: value = '', ...others }, ...answered }) => ({
        ...answered,
        headers: { ...others, [`x-${name}`]: value },
      }),
    }
  })
  const status: Plant[] = [response?.status === 500 ? 502 : 500, response?.status === 202 ? 200 : 202].map(
    (other) => ({
      name: `answer ${other} in place of ${response?.status}`,
      kind: 'break',
      answer: (answered) => ({ ...answered, status: other }),
    }),
  )
  return [...fields, ...headers, ...status]
}

function requestBreaks({ request }: Interaction): Plant[] {
  const headers = Object.keys(request?.headers ?? {})
    .filter((header) => header.toLowerCase() !== 'content-type')
    .map((header): Plant => {
      const name = header.toLowerCase()
      return {
        name: `want the header ${header} under another name`,
        kind: 'break',
        request: ({ headers: { [name]: _, ...others }, ...asked }) => ({ ...asked, headers: others }),
      }
    })
  const fields = leavesOf(request?.body?.content, []).map(
    (path): Plant => ({
      name: `want $.${path.join('.')} of the request under another name`,
      kind: 'break',
      request: (asked) => ({
        ...asked,
        body: changeAt(asked.body, path, (name, member) => [`${name}Renamed`, member]),
      }),
    }),
  )
  const required: Plant = {
    name: 'require a field of the request that was optional',
    kind: 'break',
    answer: (answered, { body }) =>
      Object.hasOwn(Object(body), 'addedLater') ? answered : refusal(422, 'validation-failed'),
  }
  const query = Object.keys(request?.query ?? {}).map(
    (parameter): Plant => ({
      name: `want the parameter ${parameter} under another name`,
      kind: 'break',
      request: (asked) => ({ ...asked, path: asked.path.replace(`${parameter}=`, `${parameter}Renamed=`) }),
    }),
  )
  const route: Plant[] = [
    {
      name: 'move the route',
      kind: 'break',
      request: (asked) => ({ ...asked, path: `/v2${asked.path}` }),
    },
    {
      name: 'want another method',
      kind: 'break',
      request: (asked) => ({ ...asked, method: 'PATCH' }),
    },
    {
      name: 'want another scope or session',
      kind: 'break',
      answer: () => refusal(403, 'forbidden'),
    },
  ]
  return [...headers, ...fields, ...(request?.body ? [required] : []), ...query, ...route]
}

function harmless({ response }: Interaction): Plant[] {
  const header: Plant = {
    name: 'send one more header',
    kind: 'harmless',
    answer: (answered) => ({ ...answered, headers: { ...answered.headers, 'x-added-later': 'yes' } }),
  }
  const route: Plant = { name: 'serve one more route', kind: 'harmless', route: '/added-later' }
  const optional: Plant = {
    name: 'take one more optional header, with a default',
    kind: 'harmless',
    request: ({ headers, ...asked }) => ({ ...asked, headers: { 'x-added-later': 'default', ...headers } }),
  }
  const fields: Plant = {
    name: 'add optional fields to every object of the answer',
    kind: 'harmless',
    answer: (answered) => ({ ...answered, body: withUnknownFields(answered.body) }),
  }
  const order: Plant = {
    name: 'write the fields of the answer in another order',
    kind: 'harmless',
    answer: (answered) => ({ ...answered, body: reordered(answered.body) }),
  }
  const content = response?.body?.content
  const hasOrder = JSON.stringify(reordered(content)) !== JSON.stringify(content)
  const body = [...(response?.body ? [fields] : []), ...(hasOrder ? [order] : [])]
  const words: Plant = {
    name: 'say the refusal in other words',
    kind: 'harmless',
    answer: (answered) => ({
      ...answered,
      body: { ...Object(answered.body), title: 'Alas', detail: 'Sorry' },
    }),
  }
  const isRefusal = (response?.status ?? 0) >= 400
  return [header, route, optional, ...body, ...(isRefusal ? [words] : [])]
}

function refusal(status: number, code: string): Answered {
  return { status, headers: { 'content-type': 'application/problem+json' }, body: { code, status } }
}
