import { randomBytes, randomInt } from 'node:crypto'
import { type Actor, logIn, type Person, settle } from './actor.ts'
import { memberOf } from './client.ts'

/** What every password of the run begins with: it must never be seen in a log. */
const PASSWORD_CANARY = 'pw-canary-'

/** Signs somebody up and logs them in; a buyer also gets an address. Undefined when the load was over before. */
export async function newPerson(actor: Actor, type: 'BUYER' | 'SELLER'): Promise<Person | undefined> {
  // Of letters only: among random digits there is a card number now and then, which a name must not have.
  const unique = randomBytes(8)
    .toString('hex')
    .replaceAll(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))
  const details = {
    email: `${unique}@example.com`,
    mobileNumber: `+49${randomInt(10 ** 11, 10 ** 12)}`,
    password: `${PASSWORD_CANARY}${unique}`,
  }
  const answer = await settle(actor, {
    f: 'sign-up',
    key: `sign-up-${unique}`,
    value: { type },
    call: () => ({
      service: 'user',
      method: 'POST',
      path: '/users',
      body: { type, name: `${type} ${unique}`, ...details },
    }),
    facts: (body) => ({ userId: memberOf(body, 'id') }),
  })
  const userId = memberOf(answer.body, 'id')
  if (answer.outcome !== 'ok' || userId === undefined) return undefined
  const person: Person = { userId, ...details, session: undefined }
  if ((await logIn(actor, person)) === undefined) return undefined
  return type === 'BUYER' ? withAddress(actor, person) : person
}

/** The name on the parcel is the buyer's id: wherever it turns up, it is known whose it is. */
async function withAddress(actor: Actor, person: Person): Promise<Person | undefined> {
  const answer = await settle(actor, {
    f: 'add-address',
    key: `address-${person.userId}`,
    value: { as: person.userId },
    by: person,
    call: () => ({
      service: 'user',
      method: 'POST',
      path: '/users/me/addresses',
      session: person.session,
      body: {
        kind: 'HOME',
        recipient: person.userId,
        line1: '12 St James’s Square',
        city: 'London',
        postalCode: 'SW1Y 4JH',
        country: 'GB',
      },
    }),
    facts: (body) => ({ recipient: memberOf(body, 'recipient') }),
  })
  const addressId = memberOf(answer.body, 'id')
  return addressId === undefined ? undefined : { ...person, addressId }
}
