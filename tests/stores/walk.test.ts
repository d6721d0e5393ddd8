import { beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabases, startMarketplace } from './marketplace.ts'
import type { Part } from './walk/parts.ts'
import { beyondMarks, tablesOf } from './walk/report.ts'
import { walk } from './walk/walk.ts'

/* One order, its cancellation and the letters about them, with every statement that is sent for them: `bun run statements` prints the same. */

setDefaultTimeout(120_000)

let parts: Part[]
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-walk-'))
  const file = join(folder, 'statements')
  const databases = await createDatabases()
  const recorder = fileURLToPath(new URL('walk/record.ts', import.meta.url))
  const market = await startMarketplace(databases, {
    BUN_OPTIONS: `--preload=${recorder}`,
    WALK_FILE: file,
  })
  try {
    parts = await walk(market.urls, file)
  } finally {
    await market.stop()
    await databases.drop()
    await rm(folder, { recursive: true })
  }
})

test('one order and its cancellation take no more statements and commits than the marks', () => {
  expect(beyondMarks(parts)).toEqual([])
})

test.each(['order', 'cancellation', 'letters'] as const)(
  'one statement more in the %s is beyond the marks',
  (of) => {
    const first = parts.find((part) => part.of === of)
    const [transaction] = first?.transactions ?? []
    if (!first || !transaction) throw new Error(`the walk has nothing of the ${of}`)
    const again = { ...transaction, sent: transaction.sent.slice(0, 1) }
    const longer = parts.map((part) =>
      part === first ? { ...part, transactions: [...part.transactions, again] } : part,
    )
    expect(beyondMarks(longer)).toHaveLength(1)
  },
)

test('docs/one-order.md has the tables that bun run statements --markdown prints', async () => {
  const page = await readFile(new URL('../../docs/one-order.md', import.meta.url), 'utf8')
  // However wide the columns are.
  const cells = (text: string) => text.replaceAll(/ *\| */g, '|').replaceAll(/-{3,}/g, '---')
  for (const table of tablesOf(parts).split('\n\n')) expect(cells(page)).toContain(cells(table))
})
