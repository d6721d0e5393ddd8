import { describe, expect, test } from 'bun:test'
import { namedByValues } from './statements.ts'

describe('namedByValues()', () => {
  const subquery = "(select `id` from `things` where `a` = x'01' and `b` in ('x', 'from') limit 1)"

  test.each([
    [`select \`id\`, ${subquery} from \`others\``],
    [`select ${subquery}, now(3) from \`others\``],
    ["select `when` > '2026-01-31 09:30:00.000' from `others`"],
  ])('finds the column in %s', (statement) => expect(namedByValues(statement)).toHaveLength(1))

  test.each([
    [`select \`id\`, ${subquery} as \`last\` from \`others\``],
    ["select `from_city`, count(*), now(3) from `others` where `id` = x'01' and `name` = ', from'"],
    ["(select `id` from `others` where `id` = x'01') union all (select `id` from `more` where `id` = x'02')"],
    ["update `others` set `name` = 'x' where `id` = x'01'"],
  ])('finds nothing in %s', (statement) => expect(namedByValues(statement)).toEqual([]))
})
