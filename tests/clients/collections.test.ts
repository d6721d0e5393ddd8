import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unlessBusy } from '@bazaar/client/test/unless-busy'
import type { JsonObject } from '@bazaar/shared/http/docs/openapi-schema'
import { addMainLine, STEPS_FOLDER } from './bruno.ts'
import { mainLineSteps } from './main-line-steps.ts'
import { DOCUMENTS, newOutsideProject, type OutsideProject } from './outside-project.ts'
import { mainLineCollection } from './postman.ts'

/*
 * Collections of requests, as Postman and Bruno make them of the documents that are served. With what only a person knows
 * filled in, they go the main line.
 */

let project: OutsideProject
/** The names of requests in collections, by operation. */
let summaries: ReadonlyMap<string, string>

beforeAll(async () => {
  project = await newOutsideProject()
  const { paths } = JSON.parse(readFileSync(join(project.folder, DOCUMENTS.all), 'utf8'))
  const operations = Object.values(paths).flatMap((item) => Object.values(Object(item)))
  summaries = new Map(operations.map((one) => [Object(one).operationId, Object(one).summary]))
})
afterAll(() => project?.remove())

test('a Postman collection, made of the document of each service, goes the main line by newman', async () => {
  const { folder, tool } = project
  const collections: JsonObject[] = []
  for (const service of DOCUMENTS.services) {
    const made = `${service}.postman.json`
    // Without the last, it would make up a cursor of its own.
    const options = 'parametersResolution=Example,requestNameSource=Operation,enableOptionalParameters=false'
    await tool(['openapi2postmanv2', '-s', `${service}.json`, '-o', made, '-O', options])
    collections.push(JSON.parse(readFileSync(join(folder, made), 'utf8')))
  }
  await unlessBusy(async () => {
    const steps = mainLineSteps()
    const collection = mainLineCollection(collections, { steps, summaries })
    writeFileSync(join(folder, 'main-line.json'), JSON.stringify(collection))
    const report = ['--reporters', 'cli,json', '--reporter-json-export', 'newman.json']
    await tool(['newman', 'run', 'main-line.json', '--bail', ...report])
    const { run } = JSON.parse(readFileSync(join(folder, 'newman.json'), 'utf8'))
    expect(run.failures).toEqual([])
    expect(run.stats.assertions.total).toBe(2 * steps.length)
  })
})

test('a Bruno collection, made of the document of all services, goes the main line by bru', async () => {
  const { folder, tool } = project
  await unlessBusy(async () => {
    const steps = mainLineSteps()
    const collection = `bruno-${crypto.randomUUID()}`
    await tool(['bru', 'import', 'openapi', '-s', DOCUMENTS.all, '-o', collection])
    addMainLine(join(folder, collection), { steps, summaries })
    copyFileSync(join(folder, 'kettle.webp'), join(folder, collection, 'kettle.webp'))
    await tool(['bru', 'run', STEPS_FOLDER, '--bail', '--reporter-json', 'bru.json'], collection)
    const [{ summary }] = JSON.parse(readFileSync(join(folder, collection, 'bru.json'), 'utf8'))
    expect([summary.failedRequests, summary.failedTests]).toEqual([0, 0])
    expect(summary.passedTests).toBe(2 * steps.length)
  })
})
