import type { ComponentChildren } from 'preact'
import type { Visit } from '../visit/visit.ts'
import { LANGUAGES, wordsIn } from '../words/words.ts'
import { STYLE_PATH } from './assets.ts'
import { Form } from './kit.tsx'

/** What a page says about itself. */
export type PageHead = {
  title: string
  /** After how many seconds the browser asks for the page again. */
  refreshSeconds?: number
  /** What was searched for, to be seen in the field at the top. */
  query?: string
  /** The path of a script of the shop that makes the page handier; it works without. */
  script?: string
}

/** What is around every page. */
export function Layout({
  visit,
  head,
  children,
}: {
  visit: Visit
  head: PageHead
  children: ComponentChildren
}) {
  const { words, language } = visit
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {head.refreshSeconds !== undefined && (
          <meta http-equiv="refresh" content={String(head.refreshSeconds)} />
        )}
        <title>{`${head.title} · ${words.shop}`}</title>
        <link rel="stylesheet" href={STYLE_PATH} />
        {head.script && <script src={head.script} defer />}
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <Header visit={visit} query={head.query} />
        <main id="content" tabIndex={-1}>
          {visit.notice && (
            <p class="notice" role="status">
              {words.notices[visit.notice]}
            </p>
          )}
          {children}
        </main>
        <Footer visit={visit} />
      </body>
    </html>
  )
}

function Header({ visit, query }: { visit: Visit; query: string | undefined }) {
  const { words } = visit
  return (
    <header class="top">
      <a class="brand" href="/">
        <img src="/icon.svg" alt="" width={32} height={32} />
        {words.shop}
      </a>
      <search>
        <form class="search" action="/search">
          <input
            type="search"
            name="q"
            aria-label={words.nav.searchFor}
            placeholder={words.nav.searchFor}
            value={query ?? ''}
            maxLength={100}
          />
          <button type="submit">{words.nav.search}</button>
        </form>
      </search>
      <nav aria-label={words.nav.main}>
        {visit.role === 'SELLER' ? sellerLinks(visit) : buyerLinks(visit)}
      </nav>
    </header>
  )
}

function LogOut({ visit }: { visit: Visit }) {
  return (
    <li>
      <Form visit={visit} action="/log-out">
        <button type="submit" class="link">
          {visit.words.nav.logOut}
        </button>
      </Form>
    </li>
  )
}

function buyerLinks(visit: Visit) {
  const { words, role, basket } = visit
  const count = basket.reduce((sum, { quantity }) => sum + quantity, 0)
  return (
    <ul>
      {role === undefined ? (
        <>
          <li>
            <a href="/log-in">{words.nav.logIn}</a>
          </li>
          <li>
            <a href="/sign-up">{words.nav.signUp}</a>
          </li>
        </>
      ) : (
        <>
          <li>
            <a href="/orders">{words.nav.orders}</a>
          </li>
          <li>
            <a href="/account">{words.nav.account}</a>
          </li>
        </>
      )}
      <li>
        <a href="/basket">
          {words.nav.basket}
          {count > 0 && <span class="count">{count}</span>}
        </a>
      </li>
      {role && <LogOut visit={visit} />}
    </ul>
  )
}

function sellerLinks(visit: Visit) {
  const { words } = visit
  return (
    <ul>
      <li>
        <a href="/desk">{words.nav.products}</a>
      </li>
      <li>
        <a href="/desk/sales">{words.nav.sales}</a>
      </li>
      <li>
        <a href="/account">{words.nav.account}</a>
      </li>
      <LogOut visit={visit} />
    </ul>
  )
}

function Footer({ visit }: { visit: Visit }) {
  const { words, url, language } = visit
  return (
    <footer class="bottom">
      <p>{words.nav.footer}</p>
      {visit.role === undefined && <a href="/sign-up?as=seller">{words.nav.sell}</a>}
      <Form visit={visit} action="/language" label={words.nav.languages}>
        <input type="hidden" name="next" value={url.pathname + url.search} />
        {LANGUAGES.map((one) => (
          <button
            type="submit"
            class="link"
            name="language"
            value={one}
            lang={one}
            aria-current={one === language ? 'true' : undefined}
          >
            {wordsIn(one).language}
          </button>
        ))}
      </Form>
    </footer>
  )
}
