import { beforeAll, expect, test } from 'bun:test'
import { asArray, asObject, type Json, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'
import { newKey, type Person, urls } from '../journeys/world.ts'
import { newcomer, newThings } from './things.ts'

/*
 * The examples of the documents are what people send first. Each is sent as it stands, and once more with the ids of things
 * that are there in place of its own, which nobody has.
 */

/** A request as the document shows it. */
type Shown = {
  id: string
  method: string
  url: string
  /** Who may call: anyone, any user, or one kind of them. */
  who: string
  params: Record<string, string>
  headers: Record<string, string>
  body: Json | undefined
}

/** What no example can know: the token that was sent to somebody in a letter. */
const REFUSED: Record<string, string> = {
  resetPassword: '401 wrong-credentials',
  verifyEmail: '401 wrong-credentials',
}

/** How an example is refused whose ids nobody has. */
const NOBODYS = ['404 not-found', '422 unknown-address']

/** What the example of an operation wants beside things that are there. */
const WANTED: Record<string, { cardToken?: string; isShipped?: boolean }> = {
  payOrder: { cardToken: 'tok_declined_0002' },
  deliverSale: { isShipped: true },
}

/** What ends more than it names, and is sent by somebody whom no other example needs. */
const ENDING = ['logOut', 'logOutEverywhere', 'endSession', 'changePassword', 'closeAccount', 'stopSelling']

const ADDRESSES: Record<string, string> = {
  'Bazaar User': urls.user,
  'Bazaar Inventory': urls.inventory,
  'Bazaar Order': urls.order,
}

const document: JsonObject = await (await fetch(`${urls.order}/docs/all.json`)).json()
const shown = Object.entries(asObject(document['paths'])).flatMap(([path, item]) => {
  const { servers, ...methods } = asObject(item)
  const [server] = asArray(servers)
  const url = `${ADDRESSES[String(asObject(server)['description'])]}${path}`
  return Object.entries(methods).map(([method, operation]) => shownIn(asObject(operation), { method, url }))
})

function shownIn(operation: JsonObject, { method, url }: { method: string; url: string }): Shown {
  const parameters = asArray(operation['parameters']).map(asObject)
  const examplesIn = (place: string) =>
    Object.fromEntries(
      parameters
        .filter((one) => one['in'] === place && one['example'] !== undefined)
        .map((one) => [String(one['name']), String(one['example'])]),
    )
  const content = asObject(asObject(operation['requestBody'])['content'])
  const access = operation['x-access']
  return {
    id: String(operation['operationId']),
    method: method.toUpperCase(),
    url,
    who: access === 'anyone' ? 'anyone' : String(asObject(access)['session']),
    params: examplesIn('path'),
    headers: examplesIn('header'),
    body: asObject(content['application/json'])['example'],
  }
}

/** The id in all examples. */
const EXAMPLE_ID = /019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10/

let buyer: Person
let seller: Person
beforeAll(async () => {
  buyer = await newcomer('BUYER')
  seller = await newcomer('SELLER')
})

// A picture is a file, of which a document has no example.
const withExamples = shown.filter(({ id }) => id !== 'addImage')

test.each(withExamples.map((one) => [one.id, one] as const))(
  'the example of %s succeeds as it stands, or names what nobody has',
  async (id, one) => {
    const outcome = await sent(one, await senderOf(one))
    expect(namesThings(one) ? NOBODYS : [REFUSED[id] ?? 'success']).toContain(outcome)
  },
)

test.each(withExamples.filter(namesThings).map((one) => [one.id, one] as const))(
  'the example of %s succeeds with the ids of what is there',
  async (id, one) => {
    const sender = await senderOf(one)
    const things = await newThings({ buyer, seller, sender }, WANTED[id])
    expect(await sent(withIds(one, things), sender)).toBe('success')
  },
)

function namesThings({ params, body }: Shown): boolean {
  return EXAMPLE_ID.test(JSON.stringify([params, body]))
}

/** The request with other ids, and a key of its own, as it is no repetition. */
function withIds(one: Shown, things: Record<string, string>): Shown {
  const named: Shown = JSON.parse(JSON.stringify(one), (name, value) =>
    name === 'imageIds' ? [things['imageId']] : (things[name] ?? value),
  )
  if (named.headers['Idempotency-Key']) named.headers['Idempotency-Key'] = newKey()
  return named
}

async function senderOf({ id, who }: Shown): Promise<Person | undefined> {
  if (who === 'anyone') return undefined
  if (ENDING.includes(id)) return await newcomer(who === 'SELLER' ? 'SELLER' : 'BUYER')
  return who === 'SELLER' ? seller : buyer
}

/** Sends the request, and answers `success`, or the status and the code of the refusal. */
async function sent(
  { method, url, params, headers, body }: Shown,
  sender: Person | undefined,
): Promise<string> {
  const answer = await fetch(
    url.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name),
    {
      method,
      headers: {
        ...headers,
        ...(sender ? { session: sender.session } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  )
  if (answer.ok) return 'success'
  const { code } = await answer.json()
  return `${answer.status} ${code}`
}
