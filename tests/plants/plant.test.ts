import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Plant, plant, planted } from './plant.ts'

const MONEY = 'services/order/src/order.ts'

describe('plant()', () => {
  test('puts one text in the place of another, to the letter', () => {
    expect(plant('a + b', [{ file: 'x.ts', find: '+ b', put: "- '$&'" }])).toBe("a - '$&'")
  })

  test.each(['c', 'a'])('refuses a text that does not stand there once: %s', (find) => {
    expect(() => plant('a + b + a', [{ file: 'x.ts', find, put: '' }])).toThrow('Cannot plant in x.ts')
  })
})

describe('a program with plants', () => {
  test('runs with the change, which is in no file', () => {
    const doubled = { file: MONEY, find: 'line.unitPriceMinor * line', put: '2 * line.unitPriceMinor * line' }
    expect(totalOf([])).toEqual({ status: 0, total: '300' })
    expect(totalOf([doubled])).toEqual({ status: 0, total: '600' })
  })

  test('does not run when a plant does not fit', () => {
    expect(totalOf([{ file: MONEY, find: 'no such text', put: '' }]).status).not.toBe(0)
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
