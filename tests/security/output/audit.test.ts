import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually, newPerson } from '../../journeys/world.ts'
import { type Answer, ask } from '../system/ask.ts'
import { operationOf } from '../system/operations.ts'
import { logsFolder, type ServiceName } from '../system/stack.ts'
import { newSession, serviceKey } from '../system/valid-calls.ts'

const person = await newPerson('SELLER')
const wrong = 'not the right one'

/** What is done, and what the one line about it must say. */
const acts: [string, ServiceName, () => Promise<Answer>, object][] = [
  [
    'a log-in',
    'user',
    () => ask(operationOf('user logIn'), { body: { login: person.email, password: person.password } }, {}),
    { audit: 'log-in', outcome: 'done', status: 201 },
  ],
  [
    'a log-in that fails',
    'user',
    () => ask(operationOf('user logIn'), { body: { login: person.email, password: wrong } }, {}),
    { audit: 'log-in', outcome: 'refused', status: 401, code: 'wrong-credentials' },
  ],
  [
    'a log-out',
    'user',
    async () => ask(operationOf('user logOut'), {}, (await newSession(person)).as),
    { audit: 'log-out', outcome: 'done', by: person.id },
  ],
  [
    'a refusal of nobody',
    'order',
    () => ask(operationOf('order listOrders'), {}, {}),
    { audit: 'refusal', outcome: 'refused', status: 401, code: 'unauthenticated' },
  ],
  [
    'a refusal of somebody',
    'order',
    () => ask(operationOf('order listOrders'), {}, { session: person.session }),
    { audit: 'refusal', outcome: 'refused', status: 403, by: person.id },
  ],
  [
    'the use of a key',
    'inventory',
    () =>
      ask(operationOf('inventory listOffers'), { query: { productIds: person.id } }, serviceKey('inventory')),
    { audit: 'key-use', outcome: 'done', by: 'order' },
  ],
  [
    'a key without the scope',
    'iam',
    () => ask(operationOf('iam listApiKeys'), {}, serviceKey('iam')),
    { audit: 'key-list', outcome: 'refused', status: 403, by: 'user' },
  ],
]

describe('S62 one line tells of', () => {
  test.each(acts)('%s: who, what, when, from where and how it ended', async (_, service, act, told) => {
    const requestId = (await act()).headers.get('x-request-id')
    const lines = await eventually(
      async () => linesOf(await readFile(join(logsFolder, `${service}.log`), 'utf8'), requestId),
      // The line of the request is its last; others may come before it.
      (found) => found.some(({ msg }) => msg === 'request'),
    )
    const audits = lines.filter((line) => 'audit' in line)
    expect(audits).toHaveLength(1)
    expect(audits[0]).toMatchObject({
      ...told,
      service,
      requestId,
      from: expect.any(String),
      time: expect.any(String),
    })
  })
})

function linesOf(text: string, requestId: string | null): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => requestId !== null && line.includes(requestId))
    .map((line): Record<string, unknown> => JSON.parse(line))
}
