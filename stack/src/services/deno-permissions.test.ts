import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryFolder } from '../paths.ts'
import { SERVICES } from '../servers/databases.ts'
import { denoPermissions } from './deno-permissions.ts'

const own = { HOST: '127.0.0.1', PORT: '4003' }

describe('denoPermissions()', () => {
  test.each([...SERVICES])('lets %s read every variable that its .env.example names', async (service) => {
    const example = await readFile(join(repositoryFolder, 'services', service, '.env.example'), 'utf8')
    const named = [...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(named).toContain('DATABASE_URL')
    const allowed = list(denoPermissions(service, own), '--allow-env')
    expect(named.filter((name) => name !== undefined && !allowed.includes(name))).toEqual([])
  })

  test('lets a service reach its own address and the hosts of its URLs, and no other', () => {
    const options = denoPermissions('inventory', {
      ...own,
      DATABASE_URL: 'mysql://name:secret@db.example:3306/bazaar',
      REDIS_URL: 'rediss://cache.example',
      RABBITMQ_URL: 'amqp://name:secret@127.0.0.1:5672/bazaar',
      CORS_ORIGINS: 'https://shop.example',
    })
    expect(list(options, '--allow-net')).toEqual([
      '127.0.0.1:4003',
      'db.example:3306',
      'cache.example',
      '127.0.0.1:5672',
    ])
  })

  test('lets no service write, run programs or read the secrets of the stack', () => {
    for (const service of SERVICES) {
      const options = denoPermissions(service, own)
      expect(options.filter((option) => /allow-(all|write|run|import)|^-A$/.test(option))).toEqual([])
      expect(list(options, '--allow-read')).not.toContain(repositoryFolder)
    }
  })

  test('lets only services with native parts load them', () => {
    const loading = SERVICES.filter(
      (service) => list(denoPermissions(service, own), '--allow-ffi').length > 0,
    )
    expect(loading).toEqual(['iam', 'inventory'])
  })
})

function list(options: readonly string[], name: string): string[] {
  const option = options.find((one) => one.startsWith(`${name}=`))
  return option?.slice(name.length + 1).split(',') ?? []
}
