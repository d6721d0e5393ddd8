import { describe, expect, test } from 'bun:test'
import { t } from 'elysia'
import { commonConfig, commonVariables, readVariables, secretText } from '../../process/config.ts'
import { openNotes } from './http-ask.ts'

const TOKEN = 'only-prometheus-knows-this-one-0123'
const variables = t.Object({ ...commonVariables, CURSOR_SECRET: secretText })
const GOOD = {
  ENVIRONMENT: 'production',
  PORT: '8080',
  DATABASE_URL: 'mysql://bazaar_order:Zm9yIHRlc3RzIG9ubHk@db.internal:3306/bazaar_order',
  CURSOR_SECRET: 'Uq3mXz0pWv8LkRt5YbNc2HgJd7Se9Fa1Ti4Po6',
}

describe('the configuration in production', () => {
  test('takes values of its own, and hides documents and metrics', () => {
    const { http } = commonConfig(readVariables(variables, GOOD))
    expect(http).toMatchObject({ docsHidden: true, metricsToken: null })
    expect(commonConfig(readVariables(variables, { ...GOOD, ENVIRONMENT: 'test' })).http).toMatchObject({
      docsHidden: false,
      metricsToken: undefined,
    })
  })

  test.each([
    ['CURSOR_SECRET', 'change-me-change-me-change-me-change-me'],
    ['CURSOR_SECRET', 'development-only-development-only-developme'],
    ['CURSOR_SECRET', '00000000000000000000000000000000000000'],
    ['CURSOR_SECRET', 'short'],
    ['DATABASE_URL', 'mysql://bazaar_order:password@db.internal:3306/bazaar_order'],
    ['DATABASE_URL', 'mysql://bazaar_order:development@db.internal:3306/bazaar_order'],
    ['METRICS_TOKEN', 'short'],
    ['TRUSTED_PROXIES', '10.0.0.0/99'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
  ])('refuses %s=%s without showing it', (name, value) => {
    const read = () => readVariables(variables, { ...GOOD, [name]: value })
    expect(read).toThrow(name)
    if (value.length > 5) expect(read).not.toThrow(value)
  })
})

describe('a service whose documents are hidden', () => {
  test('shows them to nobody, metrics to the owner of the token, and no details of its health', async () => {
    const notes = await openNotes('over a socket', {
      docsHidden: true,
      metricsToken: TOKEN,
      hstsSeconds: 60,
    })
    notes.health.checks['redis'] = async () => 'is away'
    for (const path of ['/', '/docs', '/docs/docs.js', '/openapi.json', '/metrics', '/nothing'])
      expect(await notes.ask(path)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    const ready = await notes.app.handle(new Request('http://localhost/health/ready'))
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready' }])
    const wrong = { headers: { authorization: `Bearer ${TOKEN}x` } }
    expect((await notes.ask('/metrics', wrong)).status).toBe(404)
    const metrics = await notes.ask('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })
    expect(metrics.status).toBe(200)
    expect(metrics.headers.get('strict-transport-security')).toBe('max-age=60; includeSubDomains')
    await notes.close()
  })
})
