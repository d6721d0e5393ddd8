// A service reaches this file through node_modules, where Bun reads no tsconfig.
/** @jsxImportSource preact */

import { render } from 'preact-render-to-string'
import type { Language } from '../api/schema.ts'

/** What a letter says, before it is a page or plain text. A paragraph of several texts is a list. The one link stands out. */
export type Words = {
  subject: string
  paragraphs: readonly (string | readonly string[])[]
  link?: { label: string; url: string }
}

const FRAME = {
  en: { hello: 'Hello,', why: 'You receive this letter because this address was given at Bazaar.' },
  de: {
    hello: 'Guten Tag,',
    why: 'Sie erhalten diesen Brief, weil diese Adresse bei Bazaar angegeben wurde.',
  },
} as const satisfies Record<Language, { hello: string; why: string }>

/** Styles that mail programs know. Nothing is loaded from anywhere, and the dark ones need no script. */
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark }
body { margin: 0; padding: 24px 12px; background: #f4f1ec; color: #26221d; font: 16px/1.5 Georgia, serif }
main { max-width: 34em; margin: 0 auto; padding: 28px; background: #ffffff; border-radius: 8px }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.25 }
a { color: #8a3b12 }
.button { display: inline-block; padding: 10px 18px; border-radius: 6px; background: #8a3b12; color: #ffffff }
small { color: #6b6257 }
@media (prefers-color-scheme: dark) {
  body { background: #1a1714; color: #ece6dd }
  main { background: #26221d }
  a { color: #f0a779 }
  .button { background: #f0a779; color: #26221d }
  small { color: #a89d8f }
}`

/** A letter as plain text and as a page, both of the same words. */
export function renderLetter(language: Language, words: Words): { text: string; html: string } {
  const { hello, why } = FRAME[language]
  const { link } = words
  const paragraphs = words.paragraphs.map((one) =>
    typeof one === 'string' ? one : one.map((entry) => `- ${entry}`).join('\n'),
  )
  const text = [hello, ...paragraphs, ...(link ? [`${link.label}:\n${link.url}`] : []), `-- \n${why}`]
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{words.subject}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{words.subject}</h1>
          <p>{hello}</p>
          {words.paragraphs.map((paragraph) =>
            typeof paragraph === 'string' ? (
              <p>{paragraph}</p>
            ) : (
              <ul>
                {paragraph.map((entry) => (
                  <li>{entry}</li>
                ))}
              </ul>
            ),
          )}
          {link && (
            <p>
              <a class="button" href={link.url}>
                {link.label}
              </a>
            </p>
          )}
          <p>
            <small>{why}</small>
          </p>
        </main>
      </body>
    </html>
  )
  return { text: `${text.join('\n\n')}\n`, html: `<!doctype html>\n${render(page)}` }
}

/** A moment as people read it, in UTC. */
export function momentText(language: Language, instant: string): string {
  const style = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const
  return `${new Intl.DateTimeFormat(language, style).format(new Date(instant))} UTC`
}

/** An amount of minor units as people write it, with its currency. */
export function moneyText(language: Language, amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency })
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0))
}
