import { describe, expect, test } from 'bun:test'
import process from 'node:process'
import { urls } from './world.ts'

describe.each(Object.entries(urls))('the pages of %s', (_service, url) => {
  test('lead from / to the Swagger page with all that it shows', async () => {
    const page = await fetch(`${url}/`)
    expect(new URL(page.url).pathname).toBe('/docs')
    const parts = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
    expect(parts.length).toBeGreaterThan(3)
    for (const path of [...parts, '/openapi.json']) {
      const part = await fetch(new URL(path, page.url))
      expect(`${path} ${part.status}`).toBe(`${path} 200`)
      expect((await part.bytes()).length).toBeGreaterThan(100)
    }
  })

  test('say that it is ready, and how much memory it uses', async () => {
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    const authorization = `Bearer ${process.env['BAZAAR_METRICS_TOKEN']}`
    const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization } })).text()
    const [, bytes] = metrics.match(/^process_resident_memory_bytes\{.*\} (\d+)$/m) ?? []
    expect(Number(bytes)).toBeGreaterThan(10_000_000)
  })
})
