import { randomInt, randomUUID } from 'node:crypto'
import { lettersTo, linkTokenFor } from '../../journeys/mailbox.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { POINTS } from '../points/points.ts'
import { back, type Fault } from './fault.ts'
import { atPoint } from './service-faults.ts'

/*
 * F13: what an account does in two services breaks off between them, and is brought to its end.
 */

type NewPerson = ReturnType<typeof newPerson>
/** Something that goes on until it is done, however often it has to be asked for. */
type Work = () => Promise<void>

/** A sign-up is brought to its end by repeating it, and the letter that it sends is not lost. */
const signUpFaults = faultsAt('sign-up.', async (cluster, person) => async () => {
  await untilSignedUp(cluster, person)
  await untilTold(cluster, person.email, 'Verify your e-mail address')
})

/** A new password is set by repeating it or without anybody; in the end the owner is told. */
const resetFaults = faultsAt('use-reset.', async (cluster, person) => {
  await untilSignedUp(cluster, person)
  const { email: login } = person
  await back('the question', () => isAnswered(`${cluster.urls.user}/password-resets`, { login }))
  const token = await linkTokenFor(login, 'new-password', mailboxOf(cluster))
  return () => untilReset(cluster, { login, token })
})

/** An address is verified by using the link again, which may be refused because it did its work before. */
const verificationFaults = faultsAt('verify-email.', async (cluster, person) => {
  await untilSignedUp(cluster, person)
  const token = await linkTokenFor(person.email, 'verify-email', mailboxOf(cluster))
  return () => untilVerified(cluster, person, token)
})

/** Faults in what makes, and opens again, an account. */
export const accountFaults: readonly Fault[] = [...signUpFaults, ...resetFaults, ...verificationFaults]

function faultsAt(
  beginning: string,
  prepare: (cluster: Cluster, person: NewPerson) => Promise<Work>,
): readonly Fault[] {
  return POINTS.filter(({ name }) => name.startsWith(beginning)).map((point) => ({
    rows: point.rows,
    name: `user killed at ${point.name}`,
    weight: 0.4,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster) => ({
      parts: [`user at ${point.name}`],
      begin: async () => {
        const work = await prepare(cluster, newPerson())
        const killed = atPoint(cluster, point, { do: 'kill' }).begin()
        const repeated = work()
        const begun = await killed
        if (!begun) {
          // It is nobody's any more, but it has to end before another one is begun.
          await Promise.allSettled([repeated])
          return undefined
        }
        // On a slow machine it may need more than one patience.
        const done = () => repeated.catch(work)
        return { ...begun, heal: async () => void (await Promise.all([begun.heal(), done()])) }
      },
    }),
  }))
}

function newPerson() {
  const unique = randomUUID()
  return {
    type: 'BUYER',
    name: 'Grace Hopper',
    email: `${unique}@example.com`,
    mobileNumber: `+49${randomInt(10 ** 10, 10 ** 11)}`,
    password: `pw-canary-${unique}`,
  }
}

/** Repeats a sign-up as its client would, and tells that the new user can log in. */
async function untilSignedUp({ urls }: Cluster, person: NewPerson): Promise<void> {
  const { email: login, password } = person
  await back('the sign-up', () => isAnswered(`${urls.user}/users`, person))
  await back('the log-in', () => isAnswered(`${urls.user}/sessions`, { login, password }))
}

/** Sends a new password until it can be logged in with, and waits for the letter that tells of it. */
async function untilReset(cluster: Cluster, { login, token }: { login: string; token: string }) {
  const { user } = cluster.urls
  const password = `pw-canary-new-${login}`
  await back('the new password', async () => {
    // After the worker has finished it, it is refused.
    await isAnswered(`${user}/password-resets/used`, { token, newPassword: password })
    return await isAnswered(`${user}/sessions`, { login, password })
  })
  await untilTold(cluster, login, 'Your password was changed')
}

/** Uses the link of a letter until the profile says that the address is verified. */
async function untilVerified(cluster: Cluster, person: NewPerson, token: string) {
  const { user } = cluster.urls
  const { email: login, password } = person
  await back('the verification', async () => {
    await ask(`${user}/email-verifications/used`, { token })
    const session = String((await ask(`${user}/sessions`, { login, password }))?.['session'])
    const profile = await answerTo(`${user}/users/me`, { headers: { session } })
    return typeof profile?.['emailVerifiedAt'] === 'string'
  })
}

/** Waits for a letter with a subject. */
async function untilTold(cluster: Cluster, email: string, subject: string): Promise<void> {
  await back('the letter', async () =>
    (await lettersTo(email, mailboxOf(cluster))).some((letter) => letter.includes(`Subject: ${subject}`)),
  )
}

function mailboxOf(cluster: Cluster): string {
  return cluster.environmentOf('user')['LETTERS_FOLDER'] ?? ''
}

async function isAnswered(url: string, body: unknown): Promise<boolean> {
  return (await ask(url, body)) !== undefined
}

function ask(url: string, body: unknown): Promise<Answer | undefined> {
  const headers = { 'content-type': 'application/json' }
  return answerTo(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

type Answer = Record<string, unknown>

/** What a service answers, nothing as an empty object; undefined when it was refused. */
async function answerTo(url: string, request: RequestInit): Promise<Answer | undefined> {
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(6_000) })
    const text = await answer.text()
    return answer.ok ? JSON.parse(text || '{}') : undefined
  } catch {
    // Cut off or too late: it is repeated.
    return undefined
  }
}
