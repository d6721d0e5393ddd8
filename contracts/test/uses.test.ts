import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { apis, listUses, operationUses, typesIn } from '../uses.ts'
import { listPacts } from '../verify/pact-folder.ts'

const uses = await listUses()
const pacts = await listPacts('current')

describe('what the services use of each other', () => {
  test('is read from their sources', () => {
    const text =
      "import { iamClient } from '@bazaar/shared/clients/iam'\nconst { verifyCredential: check } = iam"
    expect(operationUses('user', text)).toEqual([
      { consumer: 'user', provider: 'iam', kind: 'operation', name: 'verifyCredential' },
    ])
    expect(operationUses('user', 'verifyCredential()')).toEqual([])
    expect(
      typesIn("startConsumer(broker, { type: 'stock.released.v1', handle: () => f(x) })", 'startConsumer('),
    ).toEqual(['stock.released.v1'])
  })

  test('are the pairs that ARCHITECTURE.md names', () => {
    expect([...new Set(uses.map(({ consumer, provider }) => `${consumer}-${provider}`))].sort()).toEqual([
      'inventory-order',
      'order-inventory',
      'order-user',
      'user-iam',
      'user-inventory',
      'user-order',
    ])
  })

  test.each(uses)(
    '$name, used by $consumer, is in its pact with $provider',
    ({ consumer, provider, kind, name }) => {
      const pact = pacts.find((one) => one.consumer.name === consumer && one.provider.name === provider)
      const stated = pact?.interactions.filter(({ description }) => description.startsWith(`${name}: `)) ?? []
      const served = stated.filter(({ response }) => kind === 'message' || (response?.status ?? 500) < 300)
      expect(served.length).toBeGreaterThan(0)
    },
  )
})

describe.each(pacts)('the pact $file', ({ consumer, provider, interactions }) => {
  test('states nothing that the consumer does not use', () => {
    const names = uses
      .filter((use) => use.consumer === consumer.name && use.provider === provider.name)
      .map(({ name }) => name)
    expect(
      interactions
        .map(({ description }) => description.split(':')[0] ?? '')
        .filter((one) => !names.includes(one)),
    ).toEqual([])
  })

  test('names each request by its operation', () => {
    const operations = apis[provider.name]?.operations ?? {}
    for (const { description, request } of interactions) {
      if (!request) continue
      const operation = operations[description.split(':')[0] ?? '']
      expect(request.method).toBe(operation?.method ?? '')
      const path = new RegExp(`^${operation?.path.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`)
      expect(request.path).toMatch(path)
    }
  })
})

test.each(uses)('README.md has a line for $name', async ({ consumer, provider, name }) => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const line = readme.split('\n').find((one) => one.startsWith(`- \`${name}\``))
  expect(line).toContain(`${provider} for ${consumer}:`)
})
