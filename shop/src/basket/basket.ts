/** One thing in the basket, and what it cost when it was put in or the change was last shown. */
export type BasketLine = { productId: string; quantity: number; priceMinor: number; currency: string }

/** As many as fit into a cookie; an order takes 50. */
export const BASKET_LINES_MAX = 25
/** The most of one product in an order line. */
export const QUANTITY_MAX = 1_000

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The basket with so much more of a product. Undefined when it is full. */
export function withMore(lines: readonly BasketLine[], more: BasketLine): BasketLine[] | undefined {
  const there = lines.find((line) => line.productId === more.productId)
  const others = lines.filter((line) => line !== there)
  if (others.length >= BASKET_LINES_MAX) return undefined
  const quantity = Math.min(QUANTITY_MAX, (there?.quantity ?? 0) + more.quantity)
  const line = { ...more, quantity }
  return there ? lines.map((one) => (one === there ? line : one)) : [...lines, line]
}

/** The basket with exactly so many of a product; none takes it out. */
export function withQuantity(
  lines: readonly BasketLine[],
  { productId, quantity }: Pick<BasketLine, 'productId' | 'quantity'>,
): BasketLine[] {
  const kept = Math.min(QUANTITY_MAX, quantity)
  return lines.flatMap((line) => {
    if (line.productId !== productId) return [line]
    return kept > 0 ? [{ ...line, quantity: kept }] : []
  })
}

/** As short as it can be: it has to fit into a cookie. */
export function writeBasket(lines: readonly BasketLine[]): string {
  return lines
    .map((line) =>
      [line.productId.replaceAll('-', ''), line.quantity, line.priceMinor, line.currency].join(' '),
    )
    .join('\n')
}

/** The basket as `writeBasket` wrote it; whatever is not a line of a basket is left out. */
export function readBasket(text: string): BasketLine[] {
  return text.split('\n').flatMap((row) => {
    const [hex = '', quantity, priceMinor, currency = ''] = row.split(' ')
    const productId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    if (!UUID.test(productId) || !/^[A-Z]{3}$/.test(currency)) return []
    return [{ productId, quantity: Number(quantity), priceMinor: Number(priceMinor), currency }]
  })
}
