import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { emailTaken, mobileNumberTaken } from '../errors.ts'
import { proveUser } from '../sessions/try-password.ts'
import { sendLink } from '../verification/send-link.ts'
import { passedOn } from './iam.ts'
import { formsOf } from './login-forms.ts'
import { type NewUser, signUpOutcome } from './user.ts'
import {
  deleteFirstAttempt,
  findUser,
  insertUser,
  lockHolders,
  saveActive,
  saveAttempt,
  type User,
} from './user-store.ts'

/** A further attempt is needed only if another person gave up the same sign-up in the meantime. */
const ATTEMPTS_MAX = 3

type SignUp = NewUser & { password: string; address: string }

/**
 * Signs a person up: reserves the e-mail address and the mobile number, has the identity service store the password,
 * and only then activates the account. If it breaks off in between, repeating the request completes it.
 *
 * @throws {DomainError} validation-failed, email-taken, mobile-number-taken, password-too-common or
 * too-many-requests.
 */
export async function signUp(deps: Deps, request: SignUp): Promise<User> {
  const wanted = formsOf(request)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const begun = await begin(deps, wanted)
    const user = begun && (await finish(deps, begun, wanted))
    if (user) return user
  }
  throw new DomainError('too-many-requests', 'Another sign-up with this login is under way', {
    retryAfterSeconds: 1,
  })
}

type Begun = { id: string; outcome: 'first' | 'continued' | 'repeated' }

/**
 * Reserves the login, or finds its holder. It takes two steps, because waiting for a key and then for its row
 * deadlocks.
 */
async function begin({ database }: Deps, wanted: SignUp): Promise<Begun | undefined> {
  const id = newId()
  if (await inTransaction(database, (tx) => insertUser(tx, { ...wanted, id })))
    return { id, outcome: 'first' }

  return inTransaction(database, async (tx) => {
    const holders = await lockHolders(tx, wanted)
    const outcome = signUpOutcome(holders, wanted)
    if (outcome === 'email-taken') throw emailTaken()
    if (outcome === 'mobile-number-taken') throw mobileNumberTaken()
    const [holder] = holders
    if (!holder) return undefined
    if (outcome === 'continued') await saveAttempt(tx, holder.id)
    return { id: holder.id, outcome }
  })
}

async function finish(deps: Deps, begun: Begun, wanted: SignUp): Promise<User | undefined> {
  // failpoint: sign-up.after-hold
  const { database } = deps
  const { id, outcome } = begun
  if (outcome === 'repeated') await provePassword(deps, id, wanted)
  else await setPassword(deps, id, wanted.password)
  // failpoint: sign-up.after-credential
  const user = await inTransaction(database, async (tx) => {
    const isFirst = await saveActive(tx, { id, name: wanted.name })
    const active = await findUser(tx, id)
    if (active && isFirst) await sendLink(tx, deps, active)
    return active
  })
  deps.postman.wake()
  if (user) deps.log.info({ userId: id, outcome }, 'signed up')
  return user
}

/**
 * Has the password stored. If the user already has another password, an earlier attempt came this far and may be
 * another person's. We cannot decide which of the two is right, so the first one keeps the login.
 */
async function setPassword({ database, iam }: Deps, id: string, password: string): Promise<void> {
  try {
    await passedOn(iam.setCredential({ params: { userId: id }, body: { password } }))
  } catch (error) {
    if (error instanceof RemoteProblem && error.code === 'credential-exists') throw emailTaken()
    if (error instanceof DomainError && error.code === 'password-too-common')
      await inTransaction(database, (tx) => deleteFirstAttempt(tx, id))
    throw error
  }
}

/** A user who signs up again is the same person only if they know the password. */
async function provePassword(deps: Deps, userId: string, { password, address }: SignUp): Promise<void> {
  try {
    await proveUser(deps, { userId, password, address })
  } catch (error) {
    if (error instanceof DomainError && error.code === 'wrong-credentials') throw emailTaken()
    throw error
  }
}
