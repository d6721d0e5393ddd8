import { describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { inventory, market, newKey, newPerson } from '../journeys/world.ts'
import { addPicture } from './market.ts'
import { openShop } from './open-shop.ts'
import { logIn, startShop, visit } from './shop.ts'
import { pathsOfShop } from './shop-routes.ts'

const { shop, browser } = await openShop()
const world = await market()

const pictureAt = (name: string) =>
  fileURLToPath(new URL(`../../stack/seed/pictures/${name}.webp`, import.meta.url))

const PLANTING = `{
  const script = document.createElement('script')
  script.textContent = 'window.planted = true'
  document.body.append(script)
}`

const OWN = () => ({ origin: shop.url, 'sec-fetch-site': 'same-origin' })

function post(path: string, body: string, headers: Record<string, string>) {
  return fetch(shop.url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    redirect: 'manual',
  })
}

describe('every answer', () => {
  test.each(['/', '/log-in', '/nowhere', '/orders'])(
    '%s lets no script run and nothing frame it',
    async (path) => {
      const { headers } = await fetch(shop.url + path, { redirect: 'manual' })
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("form-action 'self'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/script-src|unsafe|http|\*/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
    },
  )

  test('the one page that has a script lets only those of the shop run, and nothing ask elsewhere', async () => {
    const visitor = await visit(browser, shop, { expectedFaults: /Content Security Policy/ })
    const { page } = visitor
    for (const name of ['enamel-kettle-tomato', 'brass-compass'])
      await addPicture(world.anna, world.cup, pictureAt(name))
    await logIn(visitor, world.anna)
    const answer = await page.goto(`${shop.url}/desk/products/${world.cup}`)
    const policy = answer?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toMatch(/unsafe|http|\*|data:|blob:/)
    const scripts = page.locator('script')
    expect(await scripts.evaluateAll((all) => all.map((one) => one.textContent))).toEqual([''])
    await page.evaluate(PLANTING)
    expect(await page.evaluate('window.planted')).toBeUndefined()
    const asked = page.evaluate("fetch('http://localhost:1/').then(() => 'asked', () => 'refused')")
    expect(await asked).toBe('refused')
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })

  test('a planted script does not run', async () => {
    const visitor = await visit(browser, shop, { expectedFaults: /Content Security Policy/ })
    await visitor.at('/')
    await visitor.page.evaluate(PLANTING)
    expect(await visitor.page.evaluate('window.planted')).toBeUndefined()
    await visitor.close()
  })
})

test.each([
  ['a health check without a host, as load balancers send it', 'GET /health/ready HTTP/1.0\r\n\r\n', 200],
  ['a page without a host', 'GET / HTTP/1.0\r\n\r\n', 400],
  ['a page of two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400],
])('%s is told from others', async (_, request, status) => {
  const socket = connect(shop.port, '127.0.0.1')
  socket.write(request)
  const answer = await text(socket)
  expect(Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1])).toBe(status)
})

describe('cookies', () => {
  test('no script sees them, and other sites send none with a form', async () => {
    const visitor = await visit(browser, shop)
    await visitor.at(`/products/${world.cup}`)
    await visitor.press('Add to basket')
    await logIn(visitor, world.buyer)
    const cookies = await visitor.context.cookies()
    expect(cookies.map(({ name }) => name).toSorted()).toEqual(
      expect.arrayContaining(['basket', 'session', 'visitor']),
    )
    for (const { name, httpOnly, sameSite, secure } of cookies)
      expect({ name, httpOnly, sameSite, secure }).toEqual({
        name,
        httpOnly: true,
        sameSite: 'Lax',
        secure: false,
      })
    expect(await visitor.page.evaluate('document.cookie')).toBe('')
    const key = cookies.find(({ name }) => name === 'session')?.value.split('.')[1] ?? ''
    expect(key.length).toBeGreaterThan(40)
    for (const path of ['/', '/account', '/orders', '/basket']) {
      await visitor.at(path)
      expect(await visitor.page.content()).not.toContain(key)
    }
    await visitor.close()
  })

  test('elsewhere than on this machine they go over HTTPS alone, for this host alone', async () => {
    const far = await startShop({ ORIGINS: 'https://shop.example' })
    const { headers } = await fetch(`${far.url}/`)
    await far.stop()
    for (const cookie of headers.getSetCookie()) {
      expect(cookie).toMatch(/^__Host-/)
      expect(cookie).toContain('; Secure')
    }
    expect(headers.getSetCookie().length).toBeGreaterThan(0)
  })

  test('a basket that somebody wrote themselves is empty', async () => {
    const text = Buffer.from(`${world.cup.replaceAll('-', '')} 5 1 EUR`).toString('base64url')
    for (const forged of [text, `${text}.`, `${text}.${'A'.repeat(43)}`]) {
      const answer = await fetch(`${shop.url}/basket`, { headers: { cookie: `basket=${forged}` } })
      expect(await answer.text()).toContain('Your basket is empty.')
    }
  })
})

describe('a form', () => {
  const paths = pathsOfShop('POST').map((path) => path.replaceAll(/:\w+/g, 'x'))
  test('is on many pages', () => {
    expect(paths.length).toBeGreaterThan(28)
  })

  test.each(paths)('%s is refused without a token, with a foreign one, and from elsewhere', async (path) => {
    const visitor = await fetch(`${shop.url}/log-in`)
    const token = /name="token" value="([^"]+)"/.exec(await visitor.text())?.[1] ?? ''
    const cookie = visitor.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const cases: [body: string, headers: Record<string, string>][] = [
      ['', { ...OWN(), cookie }],
      [`token=${token}`, OWN()],
      [`token=${token}x`, { ...OWN(), cookie }],
      [`token=${token}`, { cookie }],
      [`token=${token}`, { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
      [`token=${token}`, { cookie, origin: shop.url, 'sec-fetch-site': 'same-site' }],
      [`token=${token}`, { cookie, origin: 'null' }],
    ]
    const statuses = await Promise.all(
      cases.map(async ([body, headers]) => (await post(path, body, headers)).status),
    )
    expect(statuses).toEqual(cases.map(() => 403))
  })

  test('counts with its token, from a page of the shop', async () => {
    const visitor = await fetch(`${shop.url}/log-in`)
    const token = /name="token" value="([^"]+)"/.exec(await visitor.text())?.[1] ?? ''
    const cookie = visitor.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const answer = await post('/language', `token=${token}&language=de&next=/basket`, { ...OWN(), cookie })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/basket'])
  })

  test('from another site does nothing in a browser, either', async () => {
    const visitor = await visit(browser, shop, { expectedFaults: /./ })
    await visitor.at(`/products/${world.cup}`)
    await visitor.page.goto('about:blank')
    await visitor.page.setContent(
      `<form method="post" action="${shop.url}/basket/add"><input name="productId" value="${world.cup}"><button>Go</button></form>`,
    )
    await visitor.page.getByRole('button').click()
    await visitor.page.getByText('This form cannot be taken').waitFor()
    await visitor.at('/basket')
    expect(await visitor.text()).toContain('Your basket is empty.')
    await visitor.close()
  })

  test.each([
    ['/language', 257 * 1024],
    ['/desk/products/x', 257 * 1024],
    ['/desk/products/x/pictures/arrange', 257 * 1024],
    ['/desk/products/new', 17 * 1024 * 1024],
    ['/desk/products/x/pictures', 17 * 1024 * 1024],
  ])('%s of %d bytes is refused before it is read', async (path, bytes) => {
    const answer = await post(path, 'x'.repeat(bytes), OWN())
    expect(answer.status).toBe(413)
  })
})

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/%09/evil.example',
  '/ /evil.example',
])('after a log-in nobody is led to %p', async (next) => {
  const visitor = await visit(browser, shop)
  await visitor.at(`/log-in?${new URLSearchParams({ next })}`)
  await visitor.fill(/E-mail/, world.buyer.email)
  await visitor.fill('Password', world.buyer.password)
  await visitor.press('Log in')
  await visitor.page.waitForURL((url) => url.pathname !== '/log-in')
  expect(new URL(visitor.page.url()).origin).toBe(shop.url)
  await visitor.close()
})

test('what a seller writes is shown and never done', async () => {
  const attack = '<img src=x onerror="window.planted=1"><script>window.planted=1</script>"\'><svg onload=1>'
  const seller = await newPerson('SELLER', attack.slice(0, 100))
  const { body: product } = await inventory.createProduct({
    session: seller.session,
    idempotencyKey: newKey(),
    body: {
      name: attack,
      description: `${attack}\n</p><a href="javascript:window.planted=1">x</a>`,
      category: 'kitchen',
      priceMinor: 100,
      currency: 'EUR',
      stockCount: 5,
      properties: { 'a"><b': attack },
    },
  })
  const productId = product.id
  for (const name of ['enamel-kettle-tomato', 'brass-compass'])
    await addPicture(seller, productId, pictureAt(name))
  const { body: pictured } = await inventory.readProduct({ params: { productId } })
  for (const { id: imageId } of pictured.images)
    await inventory.describeImage({
      session: seller.session,
      params: { productId, imageId },
      body: { altText: attack },
    })
  const visitor = await visit(browser, shop)
  for (const path of [
    `/products/${product.id}`,
    `/sellers/${seller.id}`,
    '/',
    `/search?q=${encodeURIComponent(attack)}`,
  ]) {
    await visitor.at(path)
    expect(await visitor.page.locator('main script, main svg, main [onerror], main [onload]').count()).toBe(0)
    expect(await visitor.page.locator('a[href^="javascript"]').count()).toBe(0)
    expect(await visitor.page.evaluate('window.planted')).toBeUndefined()
  }
  await visitor.at(`/products/${product.id}`)
  expect(await visitor.page.locator('h1').textContent()).toBe(attack)
  expect(await visitor.page.locator('.gallery img').first().getAttribute('alt')).toBe(attack)
  await visitor.press('Add to basket')
  expect(await visitor.page.locator('main .name').textContent()).toBe(attack)
  await logIn(visitor, seller)
  await visitor.at(`/desk/products/${product.id}`)
  expect(await visitor.page.getByLabel('Name', { exact: true }).inputValue()).toBe(attack)
  expect(await visitor.page.getByLabel('What picture 1 shows').inputValue()).toBe(attack)
  expect(await visitor.page.evaluate('window.planted')).toBeUndefined()
  expect(visitor.faults).toEqual([])
  await visitor.close()
})
