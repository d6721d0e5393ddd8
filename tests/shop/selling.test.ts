import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { until } from '@bazaar/shared/testing/until'
import { inventory, market, newPerson, place } from '../journeys/world.ts'
import { openShop } from './open-shop.ts'
import { logIn, signUp, visit } from './shop.ts'

const pictureAt = (name: string) =>
  fileURLToPath(new URL(`../../stack/seed/pictures/${name}.webp`, import.meta.url))
const PICTURES = ['enamel-kettle-tomato', 'enamel-kettle-cream', 'brass-compass'].map(pictureAt)

/** By its name it might be one, and not even that. */
const NO_PICTURES = ['../../LICENSE', '../../README.md'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

const { shop, browser } = await openShop()

describe.each([
  ['with script', true],
  ['without script', false],
])('%s', (_, javaScriptEnabled) => {
  test('somebody new offers a product with pictures, sells it, sends it and sees it arrive', async () => {
    const visitor = await visit(browser, shop, { javaScriptEnabled })
    const { page } = visitor
    await signUp(visitor, 'sell', 'The Kettle Shop')
    await page.getByRole('link', { name: 'Offer a product' }).click()
    await visitor.fill('Name', 'Enamel kettle')
    await visitor.fill('Description', 'Holds a litre and a half.')
    await visitor.fill('Category', 'kitchen')
    await visitor.fill('Price', '29,00')
    await visitor.fill('Properties', 'colour: red\nvolume: 1.5 l')
    await visitor.fill('In stock', '10')
    await page.getByLabel('Pictures').setInputFiles(PICTURES.slice(0, 2))
    await visitor.press('Offer it')
    await page.getByText('It is on the market, with its pictures.').waitFor()
    await page.getByLabel('Add pictures').setInputFiles(PICTURES.slice(2))
    await visitor.press('Upload')
    await page.getByText('It is saved.').waitFor()
    const productId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const kept = async () =>
      (await inventory.readProduct({ params: { productId } })).body.images.map(({ id }) => id)
    const [first = '', second = '', third = ''] = await kept()
    await page.locator('.shelf li').nth(2).getByRole('button', { name: 'Put first' }).click()
    await until('the third is the first', async () => (await kept())[0] === third)
    expect(await kept()).toEqual([third, first, second])

    await visitor.fill(/^Units to add/, '-3')
    await page.getByLabel('Why').selectOption('LOSS')
    await visitor.press('Adjust the stock')
    await page.getByRole('heading', { name: 'In stock: 7' }).waitFor()

    const buyer = await newPerson('BUYER')
    await place(buyer, [{ productId, quantity: 2 }])
    await page.getByRole('link', { name: 'Sales' }).click()
    await page.locator('.entry').first().click()
    await visitor.fill(/^Carrier/, 'Post')
    await visitor.fill(/^Tracking/, 'AB123')
    await visitor.press('It is sent')
    await page.getByText('AB123').waitFor()
    await visitor.press('It has arrived')
    await page.locator('h1 .delivered').waitFor()

    await visitor.at(`/desk/products/${productId}`)
    await visitor.press('Take it off the market')
    await page.getByText('Archived').waitFor()
    await visitor.press('Offer it again')
    await page.getByText('On the market').waitFor()
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })
})

test('a product that somebody else changed meanwhile shows both, and is overwritten only when asked again', async () => {
  const { anna, cup } = await market()
  const visitor = await visit(browser, shop, { expectedFaults: /412/ })
  const { page } = visitor
  await logIn(visitor, anna)
  await visitor.at(`/desk/products/${cup}`)
  const { headers } = await inventory.readProduct({ params: { productId: cup } })
  await inventory.changeProduct({
    session: anna.session,
    params: { productId: cup },
    ifMatch: headers.get('etag') ?? '',
    body: { priceMinor: 650, name: 'Mug' },
  })
  await visitor.fill('Price', '9.50')
  await visitor.press('Save')
  await page.getByText('Somebody changed this product').waitFor()
  expect(await page.getByLabel('Price').inputValue()).toBe('9.50')
  expect(await visitor.text()).toContain('Now: 6.50')
  expect((await inventory.readProduct({ params: { productId: cup } })).body.priceMinor).toBe(650)
  await visitor.press('Save')
  await page.getByText('It is saved.').waitFor()
  expect((await inventory.readProduct({ params: { productId: cup } })).body.priceMinor).toBe(950)
  await visitor.close()
})

test('what cannot be read is said beside its field, and nothing that was typed is lost', async () => {
  const visitor = await visit(browser, shop, { expectedFaults: /422|415/ })
  const { page } = visitor
  await logIn(visitor, await newPerson('SELLER', 'Typist'))
  await visitor.at('/desk/products/new')
  await visitor.fill('Name', 'Enamel kettle')
  await visitor.fill('Description', 'A long text that nobody wants to type twice.')
  await visitor.fill('Category', '?!')
  await visitor.fill('Price', 'cheap')
  await visitor.fill('In stock', '3')
  await visitor.press('Offer it')
  expect(await page.locator('#price-fault').textContent()).toBe('Type an amount such as 29.00.')
  await visitor.fill('Price', '29')
  await visitor.press('Offer it')
  expect(await page.locator('#category-fault').textContent()).toBe('This does not have the right form.')
  expect(await page.getByLabel('Description').inputValue()).toBe(
    'A long text that nobody wants to type twice.',
  )
  await visitor.fill('Category', ' Küche & Garten ')
  await visitor.press('Offer it')
  await page.getByText('It is on the market.').waitFor()
  expect(await page.getByLabel('Category').inputValue()).toBe('kuche-garten')
  for (const file of NO_PICTURES) {
    await page.getByLabel('Add pictures').setInputFiles(file)
    await visitor.press('Upload')
    await page.getByText('This is not a PNG, JPEG or WebP picture.').first().waitFor()
  }
  await visitor.close()
})

test('a product whose picture is refused is offered once, and the page says both', async () => {
  const visitor = await visit(browser, shop, { expectedFaults: /415/ })
  const { page } = visitor
  const seller = await newPerson('SELLER', 'Half a shelf')
  await logIn(visitor, seller)
  await visitor.at('/desk/products/new')
  await visitor.fill('Name', 'Enamel kettle')
  await visitor.fill('Description', 'Holds a litre and a half.')
  await visitor.fill('Category', 'kitchen')
  await visitor.fill('Price', '29')
  await visitor.fill('In stock', '3')
  await page.getByLabel('Pictures').setInputFiles([...PICTURES.slice(0, 1), ...NO_PICTURES])
  await visitor.press('Offer it')
  await page.getByText('The product is on the market, but a picture was not taken.').waitFor()
  expect(await page.locator('#image-fault').textContent()).toBe('This is not a PNG, JPEG or WebP picture.')
  // The browser asks again for what it shows, which sends the form again.
  page.on('dialog', (dialog) => dialog.accept())
  await page.reload()
  await page.getByText('The product is on the market, but a picture was not taken.').waitFor()
  const { body } = await inventory.listOwnProducts({ session: seller.session })
  expect(body.items.map(({ images }) => images.length)).toEqual([1])
  await visitor.close()
})

test('three pictures of the largest size are taken at once', async () => {
  const { anna, cup } = await market()
  const visitor = await visit(browser, shop)
  const { page } = visitor
  await logIn(visitor, anna)
  await visitor.at(`/desk/products/${cup}`)
  const buffers = await Promise.all(PICTURES.map((picture) => readFile(picture)))
  await page.getByLabel('Add pictures').setInputFiles(
    buffers.map((buffer, index) => ({
      name: `${index}.webp`,
      mimeType: 'image/webp',
      // What comes after a picture is no part of it.
      buffer: Buffer.concat([buffer, Buffer.alloc(5 * 1024 * 1024 - buffer.length)]),
    })),
  )
  await visitor.press('Upload')
  await page.getByText('It is saved.').waitFor()
  expect(await page.locator('.shelf li').count()).toBe(3)
  expect(visitor.faults).toEqual([])
  await visitor.close()
})
