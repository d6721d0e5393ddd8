import { expect, test } from 'bun:test'
import { seededRandom, zipf } from './random.ts'

const draws = (seed: string) => {
  const random = seededRandom(seed)
  return Array.from({ length: 1_000 }, () => random.next())
}

test('seededRandom() draws the same from the same seed and something else from another', () => {
  expect(draws('a')).toEqual(draws('a'))
  expect(draws('a')).not.toEqual(draws('b'))
  expect(seededRandom('a').fork('x').next()).not.toBe(seededRandom('a').fork('y').next())
})

test('seededRandom() draws evenly and within its bounds', () => {
  const all = draws('even')
  expect(all.every((draw) => draw >= 0 && draw < 1)).toBe(true)
  expect(all.reduce((sum, draw) => sum + draw, 0) / all.length).toBeCloseTo(0.5, 1)
  const random = seededRandom('between')
  const whole = new Set(Array.from({ length: 200 }, () => random.between(3, 5)))
  expect([...whole].sort()).toEqual([3, 4, 5])
})

test('weighted() draws each name as often as its weight says', () => {
  const random = seededRandom('weights')
  const drawn = Array.from({ length: 4_000 }, () => random.weighted({ often: 3, seldom: 1, never: 0 }))
  expect(drawn.filter((name) => name === 'often').length / drawn.length).toBeCloseTo(0.75, 1)
  expect(drawn.includes('never')).toBe(false)
})

test('zipf() wants the first twice as often as the second', () => {
  const random = seededRandom('zipf')
  const draw = zipf(20)
  const drawn = Array.from({ length: 20_000 }, () => draw(random))
  const often = (index: number) => drawn.filter((one) => one === index).length
  expect(often(0) / often(1)).toBeCloseTo(2, 0)
  expect(Math.max(...drawn)).toBe(19)
})
