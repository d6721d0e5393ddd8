import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryFolder } from '@bazaar/stack/paths'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { Transpiler } from 'bun'
import { plant } from '../../plants/plant.ts'
import { countMentions, pointComments } from './point-comments.ts'
import { POINTS, plantsOf } from './points.ts'

describe('the failpoints', () => {
  test('have names of their own in their service', () => {
    const names = POINTS.map(({ service, name }) => `${service}.${name}`)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each(SERVICES)('of %s are all marked by a comment, and every comment is listed', (service) => {
    const comments = pointComments(service)
    const own = comments.filter(({ file }) => file.startsWith('services/')).map(({ name }) => name)
    const shared = comments.filter(({ file }) => file.startsWith('shared/')).map(({ name }) => name)
    const listed = POINTS.filter((one) => one.service === service).map(({ name }) => name)
    expect(own.toSorted()).toEqual(listed.filter((name) => !shared.includes(name)).toSorted())
    expect(shared.filter((name) => !POINTS.some((one) => one.name === name))).toEqual([])
  })

  test.each(SERVICES)('of %s are each marked once, in the form that is planted', (service) => {
    const names = pointComments(service).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(countMentions(service)).toBe(names.length)
  })

  test.each(SERVICES)('of %s can be planted, and the source still be loaded', (service) => {
    const plants = plantsOf(POINTS, service)
    for (const file of new Set(plants.map((one) => one.file))) {
      const source = readFileSync(join(repositoryFolder, file), 'utf8')
      const there = plants.filter((one) => one.file === file)
      const loaded = new Transpiler({ loader: 'ts' }).transformSync(plant(source, there))
      expect(loaded.split('await failpoint(').length - 1).toBe(there.length)
    }
  })
})
