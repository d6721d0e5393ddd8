import { describe, expect, test } from 'bun:test'
import { readdir, stat } from 'node:fs/promises'
import { inventoryApi } from '@bazaar/shared/api/inventory'
import { userApi } from '@bazaar/shared/api/user'
import { getSchemaValidator } from 'elysia'
import { demoAccounts, demoBuyers } from './accounts.ts'
import { catalogue, DEMO_CURRENCY, picturesFolder } from './catalogue.ts'
import { pictureTexts } from './picture-texts.ts'

const { createProduct, describeImage } = inventoryApi.operations
const { signUp, addAddress } = userApi.operations
const PICTURE_BYTES_MAX = 30 * 1024
const ALL_PICTURES_BYTES_MAX = 1.5 * 1024 * 1024

describe('the demo catalogue', () => {
  test('holds products that the inventory service takes, in 6 categories from 3 shops', () => {
    const offer = getSchemaValidator(createProduct.body, { normalize: false })
    for (const { product } of catalogue) {
      const { article, pictures, properties, ...fields } = product
      const body = { ...fields, currency: DEMO_CURRENCY, properties: { article, ...properties } }
      expect({ article, errors: [...offer.Errors(body)].map(({ path }) => path) }).toEqual({
        article,
        errors: [],
      })
      expect(pictures.length).toBeGreaterThan(0)
    }
    expect(catalogue.length).toBeGreaterThanOrEqual(48)
    expect(new Set(catalogue.map(({ product }) => product.category)).size).toBe(6)
    expect(new Set(catalogue.map(({ shop }) => shop.email)).size).toBe(3)
  })

  test('names every article, every product and every picture once', () => {
    for (const names of [
      catalogue.map(({ product }) => product.article),
      catalogue.map(({ product }) => product.name),
      catalogue.flatMap(({ product }) => product.pictures),
    ]) {
      expect(new Set(names).size).toBe(names.length)
    }
  })

  test('shows every stock a shop can have: plenty, nearly gone, sold out', () => {
    const counts = catalogue.map(({ product }) => product.stockCount)
    expect(counts.filter((count) => count === 0).length).toBe(1)
    expect(counts.filter((count) => count > 0 && count <= 5).length).toBeGreaterThanOrEqual(4)
  })

  test('says of every picture what it shows, as the inventory service takes it', () => {
    const named = catalogue.flatMap(({ product }) => product.pictures)
    expect(Object.keys(pictureTexts).toSorted()).toEqual(named.toSorted())
    const text = getSchemaValidator(describeImage.body, { normalize: false })
    const refused = Object.values(pictureTexts).filter((altText) => !text.Check({ altText }))
    expect(refused).toEqual([])
  })

  test('has a small file for each picture it names, and no other', async () => {
    const named = catalogue.flatMap(({ product }) => product.pictures)
    expect((await readdir(picturesFolder)).sort()).toEqual([...named].sort())
    const sizes = await Promise.all(
      named.map(async (name) => (await stat(new URL(name, picturesFolder))).size),
    )
    expect(Math.max(...sizes)).toBeLessThan(PICTURE_BYTES_MAX)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(ALL_PICTURES_BYTES_MAX)
  })
})

describe('the demo accounts', () => {
  test('can be signed up, and their addresses saved', () => {
    const person = getSchemaValidator(signUp.body, { normalize: false })
    const address = getSchemaValidator(addAddress.body, { normalize: false })
    for (const account of demoAccounts) expect(person.Check(account)).toBe(true)
    for (const { addresses } of demoBuyers) {
      expect(addresses.length).toBeGreaterThan(0)
      for (const each of addresses) expect(address.Check(each)).toBe(true)
    }
  })

  test('share no e-mail address, mobile number or password', () => {
    for (const field of ['email', 'mobileNumber', 'password'] as const)
      expect(new Set(demoAccounts.map((account) => account[field])).size).toBe(demoAccounts.length)
  })
})
