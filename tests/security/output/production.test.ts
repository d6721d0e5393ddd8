import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type RunningService, startService } from '@bazaar/shared/testing/service'
import { send } from '../system/ask.ts'
import { environments, SERVICES, type ServiceName } from '../system/stack.ts'

describe('S56 in production', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await startService('inventory', inProduction('inventory'))
  })
  afterAll(() => service.stop())

  test.each(['/', '/docs', '/docs/docs.js', '/docs/all.json', '/openapi.json', '/asyncapi.json', '/metrics'])(
    '%s is not there',
    async (path) => {
      const { status, text } = await send(`${service.url}${path}`, {})
      expect(status).toBe(404)
      expect(text).not.toMatch(/swagger|openapi|process_/)
    },
  )

  test('a guess at the token of the metrics learns nothing', async () => {
    for (const authorization of ['Bearer ', 'Bearer undefined', 'Bearer null', 'Basic Og=='])
      expect((await send(`${service.url}/metrics`, { headers: { authorization } })).status).toBe(404)
  })

  test('readiness tells whether, and nothing of the inside', async () => {
    const { text, json } = await send(`${service.url}/health/ready`, {})
    expect(Object.keys(Object(json))).toEqual(['status'])
    expect(text).not.toMatch(/127\.0\.0\.1|mysql:|redis:|amqp:|\d+\.\d+\.\d+/)
  })
})

describe('S34 S11 a service in production', () => {
  const secrets: [ServiceName, string][] = [
    ['iam', 'PASSWORD_PEPPER'],
    ['user', 'IAM_API_KEY'],
    ['inventory', 'CURSOR_SECRET'],
    ['order', 'INVENTORY_API_KEY'],
  ]

  test.each(secrets)('%s does not start without %s', async (service, variable) => {
    const { [variable]: _, ...others } = inProduction(service)
    await expect(startService(service, others)).rejects.toThrow(variable)
  })

  test.each(secrets)('%s does not start with the %s of the example', async (service, variable) => {
    const value = exampleOf(service, variable)
    const environment = { ...inProduction(service), [variable]: value }
    await expect(startService(service, environment)).rejects.toThrow(variable)
  })

  test('is every one of the four', () => {
    expect(secrets.map(([service]) => service)).toEqual([...SERVICES])
  })
})

/** The variables of a service of the stack, in production, on a port of its own, with keys that say so. */
function inProduction(service: ServiceName): Record<string, string> {
  const { PORT: _, ...others } = environments[service]
  const keyed = Object.entries(others).map(([name, value]) => [
    name,
    value.replace(/^bzk_[a-z]+_/, 'bzk_prod_'),
  ])
  return { ...Object.fromEntries(keyed), ENVIRONMENT: 'production' }
}

/** What the file that shows how a service is configured says. */
function exampleOf(service: ServiceName, variable: string): string {
  const file = fileURLToPath(new URL(`../../../services/${service}/.env.example`, import.meta.url))
  const found = new RegExp(`^#? ?${variable}=(.*)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1]
  if (found === undefined) throw new Error(`The example of ${service} does not have ${variable}`)
  return found
}
