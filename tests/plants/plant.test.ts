import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Plant, plant, planted } from './plant.ts'

const MONEY = 'services/order/src/orders/amounts.ts'

describe('plant()', () => {
  test('puts one text in the place of another, to the letter', () => {
    expect(plant('a + b', [{ file: 'x.ts', find: '+ b', put: "- '$&'" }])).toBe("a - '$&'")
  })

  test.each(['c', 'a'])('refuses a text that does not stand there once: %s', (find) => {
    expect(() => plant('a + b + a', [{ file: 'x.ts', find, put: '' }])).toThrow('Cannot plant in x.ts')
  })
})

describe('plant() within a function', () => {
  const source = `
const LIMIT = 10
const SCRIPT = \`
return LIMIT
\`
export async function first({
  limit,
}: {
  limit: number
}): Promise<number> {
  function inner() {
    return LIMIT
  }

  return inner() + LIMIT
}
const TABLE = {
  of: LIMIT,
} as const
function second() {
  return LIMIT
}
`

  test.each([
    ['LIMIT', '10', 'const LIMIT = 11'],
    ['SCRIPT', 'LIMIT', 'return 11'],
    ['inner', 'LIMIT', '    return 11'],
    ['first', 'inner() + LIMIT', 'return 11'],
    ['TABLE', 'LIMIT', 'of: 11'],
    ['second', 'LIMIT', '  return 11\n}\n'],
  ])('changes %s alone', (within, find, result) => {
    const changed = plant(source, [{ file: 'x.ts', within, find, put: '11' }])
    expect(changed).toContain(result)
    expect(changed.replace('11', find)).toBe(source)
  })

  test.each([
    ['first', 'LIMIT', '"LIMIT" stands there 2 times'],
    ['second', 'of', '"of" stands there 0 times'],
    ['TABLE', 'return', '"return" stands there 0 times'],
    ['third', 'LIMIT', 'it declares third 0 times'],
  ])('refuses what %s does not have once: %s', (within, find, why) => {
    expect(() => plant(source, [{ file: 'x.ts', within, find, put: '' }])).toThrow(why)
  })
})

describe('a program with plants', () => {
  test('runs with the change, which is in no file', () => {
    const doubled = { file: MONEY, find: 'line.unitPriceMinor * line', put: '2 * line.unitPriceMinor * line' }
    expect(totalOf([])).toEqual({ status: 0, total: '300' })
    expect(totalOf([doubled])).toEqual({ status: 0, total: '600' })
  })

  test.each([
    ['stands nowhere', MONEY, 'stands there 0 times'],
    ['is for a file that is not there', 'services/order/src/orders/gone.ts', 'there is no such file'],
  ])('is not even started when a plant %s', (_, file, why) => {
    expect(() => planted([{ file, find: 'no such text', put: '' }])).toThrow(why)
  })
})

/** What three pieces at 1.00 cost, by the rules of the order service. */
function totalOf(plants: readonly Plant[]): { status: number | null; total: string } {
  const { arguments: options, environment } = planted(plants)
  const program = `
    import { totalMinor } from ${JSON.stringify(fileURLToPath(new URL(`../../${MONEY}`, import.meta.url)))}
    console.log(totalMinor([{ unitPriceMinor: 100, quantity: 3, cancelledQuantity: 0 }]))`
  const { status, stdout } = spawnSync(process.execPath, [...options, '-e', program], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  })
  return { status, total: stdout.trim() }
}
