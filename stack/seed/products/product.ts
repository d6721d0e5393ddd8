/** One article of a demo shop. Prices are in cents; pictures are file names in `stack/seed/pictures`, the first one first. */
export type DemoProduct = {
  readonly article: string
  readonly name: string
  readonly description: string
  readonly category: string
  readonly priceMinor: number
  readonly stockCount: number
  readonly properties: Readonly<Record<string, string>>
  readonly pictures: readonly string[]
}
