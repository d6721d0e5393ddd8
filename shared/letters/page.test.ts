import { expect, test } from 'bun:test'
import { momentText, moneyText, renderLetter } from './page.tsx'

const WORDS = {
  subject: 'A <b>bold</b> subject',
  paragraphs: ['First & <script>alert(1)</script>', 'Second'],
  link: { label: 'Open "it"', url: 'https://shop.example/a?b=1&c=2' },
}

test('renderLetter() writes the same words as text and as a page', () => {
  const { text, html } = renderLetter('en', WORDS)
  expect(text).toContain(
    'Hello,\n\nFirst & <script>alert(1)</script>\n\nSecond\n\nOpen "it":\nhttps://shop.example/a?b=1&c=2',
  )
  expect(html).toContain('<p>First &amp; &lt;script>alert(1)&lt;/script></p><p>Second</p>')
  expect(html).toContain('href="https://shop.example/a?b=1&amp;c=2"')
})

test('renderLetter() writes several texts as a list', () => {
  const { text, html } = renderLetter('en', { ...WORDS, paragraphs: ['Ordered:', ['1 × <Cup>', '2 × Pot']] })
  expect(text).toContain('Ordered:\n\n- 1 × <Cup>\n- 2 × Pot\n\nOpen "it":')
  expect(html).toContain('<p>Ordered:</p><ul><li>1 × &lt;Cup></li><li>2 × Pot</li></ul>')
})

test('renderLetter() makes pages that run nothing, load nothing, and have a dark side', () => {
  const { html } = renderLetter('de', { ...WORDS, subject: 'Betreff', paragraphs: ['Absatz'] })
  expect(html).toStartWith('<!doctype html>\n<html lang="de">')
  expect(html).not.toMatch(/<script|<img|<link|src=|url\(|@import|\son[a-z]+=/)
  expect(html).toContain('prefers-color-scheme: dark')
})

test.each([
  ['en', 'January 2, 2026 at 3:04 AM UTC'],
  ['de', '2. Januar 2026 um 03:04 UTC'],
] as const)('momentText() says a moment in %s', (language, text) => {
  expect(momentText(language, '2026-01-02T03:04:05Z').replaceAll('\u202f', ' ')).toBe(text)
})

test.each([
  ['en', 123_456, 'EUR', '€1,234.56'],
  ['de', 123_456, 'EUR', '1.234,56 €'],
  ['en', 500, 'JPY', '¥500'],
  ['de', 1_500, 'KWD', '1,500 KWD'],
] as const)('moneyText() says in %s %p of %s', (language, amountMinor, currency, text) => {
  expect(moneyText(language, amountMinor, currency).replaceAll('\u00a0', ' ')).toBe(text)
})
