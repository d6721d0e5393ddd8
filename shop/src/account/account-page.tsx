import type { Address, Session } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { Field, Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

/** The form of the account page that was refused. */
export type AccountTyping = Typing & { part: 'profile' | 'password' | 'close' }

/** Everything about an account on one page. Sellers have no addresses to send to, so they are shown none. */
export async function accountPage(visit: Visit, tried?: AccountTyping): Promise<Page> {
  const { words, bazaar } = visit
  const [{ body: profile }, { body: sessions }, { body: addresses }] = await Promise.all([
    bazaar.user.readProfile(),
    bazaar.user.listSessions(),
    bazaar.user.listAddresses(),
  ])
  const { name, email, mobileNumber } = profile
  const typingOf = (part: AccountTyping['part'], typed: Typing['typed'] = {}): Typing =>
    tried?.part === part ? { typed: { ...typed, ...tried.typed }, refusal: tried.refusal } : { typed }
  return {
    title: words.account.title,
    status: tried?.refusal?.status ?? 200,
    body: (
      <div class="narrow">
        <h1>{words.account.title}</h1>
        {profile.emailVerifiedAt === null && <Unverified visit={visit} />}
        <Profile
          visit={visit}
          typing={typingOf('profile', { name, email, mobileNumber })}
          isVerified={profile.emailVerifiedAt !== null}
        />
        {profile.type === 'BUYER' && <Addresses visit={visit} addresses={addresses.items} />}
        <Password visit={visit} typing={typingOf('password')} />
        <Sessions visit={visit} sessions={sessions.items} />
        <Closing visit={visit} typing={typingOf('close')} />
      </div>
    ),
  }
}

function Unverified({ visit }: { visit: Visit }) {
  const { words } = visit
  return (
    <section class="panel" aria-labelledby="unverified">
      <h2 id="unverified">{words.verifyEmail.unverified}</h2>
      <p>{words.verifyEmail.hint}</p>
      <Form visit={visit} action="/account/verification">
        <button type="submit" class="quiet">
          {words.verifyEmail.ask}
        </button>
      </Form>
    </section>
  )
}

function Profile({ visit, typing, isVerified }: { visit: Visit; typing: Typing; isVerified: boolean }) {
  const { words } = visit
  return (
    <section class="panel" aria-labelledby="profile">
      <h2 id="profile">{words.account.profile}</h2>
      <Refused visit={visit} refusal={typing.refusal} />
      <Form visit={visit} action="/account/profile">
        <Field {...typing} name="name" label={words.account.name} autocomplete="name" required />
        <Field
          {...typing}
          name="email"
          label={words.account.email}
          hint={isVerified ? words.verifyEmail.isVerified : undefined}
          type="email"
          autocomplete="email"
          required
        />
        <Field
          {...typing}
          name="mobileNumber"
          label={words.account.mobileNumber}
          type="tel"
          autocomplete="tel"
          required
        />
        <Field
          {...typing}
          scope="profile"
          name="currentPassword"
          label={words.account.currentPassword}
          hint={words.account.currentPasswordHint}
          type="password"
          autocomplete="current-password"
        />
        <button type="submit">{words.account.save}</button>
      </Form>
    </section>
  )
}

function Password({ visit, typing }: { visit: Visit; typing: Typing }) {
  const { words } = visit
  return (
    <section class="panel" aria-labelledby="password">
      <h2 id="password">{words.account.password}</h2>
      <Refused visit={visit} refusal={typing.refusal} />
      <Form visit={visit} action="/account/password">
        <Field
          {...typing}
          scope="change"
          name="currentPassword"
          label={words.account.currentPassword}
          type="password"
          autocomplete="current-password"
          required
        />
        <Field
          {...typing}
          name="newPassword"
          label={words.account.newPassword}
          hint={`${words.signUp.passwordHint}. ${words.account.passwordEnds}`}
          type="password"
          autocomplete="new-password"
          required
        />
        <button type="submit">{words.account.changePassword}</button>
      </Form>
    </section>
  )
}

function Sessions({ visit, sessions }: { visit: Visit; sessions: readonly Session[] }) {
  const { words, format } = visit
  return (
    <section class="panel" aria-labelledby="sessions">
      <h2 id="sessions">{words.account.sessions}</h2>
      <ul class="rows">
        {sessions.map(({ sessionId, createdAt, expiresAt, current }) => (
          <li>
            <span>
              {words.account.began(format.instant(createdAt))},{' '}
              {words.account.ends(format.instant(expiresAt))}
              {current && <strong> ({words.account.thisOne})</strong>}
            </span>
            {!current && (
              <Form visit={visit} action="/account/sessions/end">
                <input type="hidden" name="sessionId" value={sessionId} />
                <button type="submit" class="quiet">
                  {words.account.end}
                </button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <Form visit={visit} action="/account/sessions/end-all">
        <button type="submit" class="quiet">
          {words.account.endAll}
        </button>
      </Form>
    </section>
  )
}

function Addresses({ visit, addresses }: { visit: Visit; addresses: readonly Address[] }) {
  const { words, format } = visit
  return (
    <section class="panel" aria-labelledby="addresses">
      <h2 id="addresses">{words.account.addresses}</h2>
      {addresses.length === 0 && <p>{words.address.none}</p>}
      <ul class="rows">
        {addresses.map((address) => (
          <li>
            <span>
              {[address.recipient, address.line1, address.postalCode, address.city]
                .filter(Boolean)
                .join(', ')}
              , {format.country(address.country)}
              {address.isDefault && <strong> ({words.address.isDefault})</strong>}
            </span>
            <span class="inline">
              <a href={`/addresses/${address.id}`}>{words.address.change}</a>
              {!address.isDefault && (
                <Form visit={visit} action={`/addresses/${address.id}/default`}>
                  <button type="submit" class="link">
                    {words.address.makeDefault}
                  </button>
                </Form>
              )}
              <Form visit={visit} action={`/addresses/${address.id}/delete`}>
                <button type="submit" class="link">
                  {words.address.remove}
                </button>
              </Form>
            </span>
          </li>
        ))}
      </ul>
      <a class="button quiet" href="/addresses/new">
        {words.address.add}
      </a>
    </section>
  )
}

function Closing({ visit, typing }: { visit: Visit; typing: Typing }) {
  const { words } = visit
  const { refusal } = typing
  return (
    <section class="panel" aria-labelledby="close">
      <h2 id="close">{words.account.close}</h2>
      <p>{words.account.closeText}</p>
      <Refused visit={visit} refusal={refusal} />
      {refusal && refusal.orderIds.length + refusal.productIds.length > 0 && (
        <>
          <p>{words.account.open}</p>
          <ul>
            {refusal.orderIds.map((id) => (
              <li>
                <a href={`${visit.role === 'SELLER' ? '/desk/sales' : '/orders'}/${id}`}>
                  {words.account.anOrder} {id.slice(-6)}
                </a>
              </li>
            ))}
            {refusal.productIds.map((id) => (
              <li>
                <a href={`/desk/products/${id}`}>
                  {words.account.aProduct} {id.slice(-6)}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      <Form visit={visit} action="/account/close">
        <Field
          {...typing}
          scope="close"
          name="currentPassword"
          label={words.account.currentPassword}
          type="password"
          autocomplete="current-password"
          required
        />
        <button type="submit" class="danger">
          {words.account.closeSubmit}
        </button>
      </Form>
    </section>
  )
}
