import { t } from 'elysia'
import { apiKeyOperations, apiKeyProblems } from './api-keys.ts'
import { defineApi } from './operation.ts'
import {
  AMOUNT_MINOR_MAX,
  amountMinor,
  currency,
  cursor,
  id,
  ids,
  instant,
  integer,
  limit,
  line,
  maybeLine,
  nothing,
  oneOf,
  page,
  picture,
  prose,
  reference,
  upTo,
} from './schema.ts'
import { text } from './text/free-text.ts'

/** The most units of one product in stock, and in one order line. */
export const QUANTITY_MAX = { stock: 1_000_000, line: 1_000 }
/** The most products in one order. */
export const ORDER_LINES_MAX = 50
/** The most that one picture may have: as a file, in pixels, and decoded; and the most pictures of one product. */
export const IMAGE_MAX = {
  fileBytes: 5 * 1024 * 1024,
  sidePixels: 10_000,
  pixels: 50_000_000,
  decodedBytes: 160_000_000,
  ofProduct: 10,
}
/** The widths in which pictures that are wider can be had, too. */
export const IMAGE_WIDTHS = [240, 480, 960] as const
/** The most characters in which a seller says what a picture shows. */
export const IMAGE_TEXT_LENGTH_MAX = 250

const productId = id('The id of the product')
const productParams = t.Object({ productId })
const IMAGE_URL_EXAMPLE =
  '/products/019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10/images/019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'
const stockCount = integer({
  minimum: 0,
  maximum: QUANTITY_MAX.stock,
  description: 'Units that can be ordered',
  examples: [25],
})
/** More than a seller may put in: what orders give back is taken back even where the shelf is full. */
const stockLeft = integer({
  minimum: 0,
  maximum: 2_000_000_000,
  description: 'Units that can be ordered',
  examples: [25],
})
const category = t.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  minLength: 2,
  maxLength: 40,
  description: 'Words in lower case joined by hyphens',
  examples: ['kitchen'],
})
/**
 * In any script; the first character is one that can be seen, and none breaks the line or turns its direction. The two
 * halves of a character beyond 16 bits, such as an emoji, count as one.
 */
const PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]'
const UNSEEN =
  '\\u0000-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0'
const DISTURBING = '\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069'
const HALVES = '\\ud800-\\udfff'
const PROPERTY_NAME = `^(?:${PAIR}|[^${UNSEEN}${HALVES}])(?:${PAIR}|[^${DISTURBING}${HALVES}]){0,39}$`
const properties = t.Record(t.String({ pattern: PROPERTY_NAME }), line({ maxLength: 200 }), {
  maxProperties: 30,
  description: 'Free properties; their names have up to 40 characters of any script',
  examples: [{ colour: 'blue', capacity: '1.5 litres' }],
})

const imageText = {
  maxLength: IMAGE_TEXT_LENGTH_MAX,
  description: 'What the picture shows, for people who do not see it; null if its seller has not said so',
  examples: ['A blue kettle on a gas stove'],
}
const shownImageText = t.Union([line(imageText), t.Null()])

const image = t.Object(
  {
    id: id('The id of the picture'),
    url: text({
      maxLength: 128,
      description: 'Where it is, on this service',
      examples: [IMAGE_URL_EXAMPLE],
    }),
    contentType: text({ maxLength: 32, examples: ['image/webp'] }),
    widthPixels: integer({ minimum: 1, maximum: 100_000, examples: [1200] }),
    heightPixels: integer({ minimum: 1, maximum: 100_000, examples: [900] }),
    widths: t.Array(integer({ minimum: 1, maximum: 100_000 }), {
      maxItems: IMAGE_WIDTHS.length,
      description: 'The narrower ones in which it can be had, in pixels: add `?width=480` to its address',
      examples: [[...IMAGE_WIDTHS]],
    }),
    altText: shownImageText,
  },
  { title: 'Image' },
)

const imageWidth = t.Union(
  IMAGE_WIDTHS.map((width) => t.Literal(`${width}`)),
  { description: 'How wide it is wanted, in pixels; one that is no wider is sent as it is' },
)

const DESCRIPTION_EXAMPLE = 'Holds a litre and a half, whistles when the water boils.'

const cardFields = {
  id: productId,
  sellerId: id('Who sells it'),
  name: line({ maxLength: 120, examples: ['Blue enamel kettle'] }),
  category,
  priceMinor: amountMinor('The price of one unit, in minor units', 1),
  currency,
  inStock: t.Boolean(),
  imageUrl: t.Union([
    text({ maxLength: 128, description: 'The first picture', examples: [IMAGE_URL_EXAMPLE] }),
    t.Null(),
  ]),
}

/** A product as lists show it. */
export const productCard = t.Object({ ...cardFields, imageAltText: shownImageText }, { title: 'ProductCard' })

const categoryCard = t.Object(
  {
    category,
    products: integer({ minimum: 0, maximum: 1e9, examples: [7] }),
    imageUrl: cardFields.imageUrl,
  },
  { title: 'Category' },
)

/** A product as its own page shows it. */
export const product = t.Object(
  {
    ...cardFields,
    description: prose({ maxLength: 4_000, examples: [DESCRIPTION_EXAMPLE] }),
    stockCount: stockLeft,
    properties,
    images: t.Array(image, {
      maxItems: IMAGE_MAX.ofProduct,
      description: 'The first one is shown in lists',
    }),
    status: t.Union([t.Literal('LISTED'), t.Literal('ARCHIVED')]),
    createdAt: instant('When it was first offered'),
    changedAt: instant('When its seller last changed it'),
    version: integer({
      minimum: 1,
      maximum: 1e9,
      description: 'Grows with each change by the seller; the ETag begins with it',
    }),
  },
  { title: 'Product' },
)

const productFields = {
  name: line({ maxLength: 120, examples: ['Blue enamel kettle'] }),
  description: prose({ maxLength: 4_000, examples: [DESCRIPTION_EXAMPLE] }),
  category,
  priceMinor: amountMinor('The price of one unit, in minor units', 1),
  currency,
  properties,
}

/** A price that products may have, in a query. */
function priceBound(description: string) {
  return t.String({
    pattern: '^(0|[1-9][0-9]{0,11}|1000000000000)$',
    maxLength: 13,
    'x-integer': { minimum: 0, maximum: AMOUNT_MINOR_MAX },
    description,
  })
}

/** What `q` finds. The rules are those of `fold-text.ts` and `words.ts` of the service. */
const SEARCHING = [
  '`q` finds products with a word in the name or the description for each word asked for, which may be only its beginning.',
  'It does not matter: upper and lower case; accents; how a letter of the Latin alphabets, a digit, an apostrophe, a quotation mark or a dash is written; punctuation. Marks that make another letter do matter.',
  'What is written together is found written with a hyphen, an apostrophe, a slash, an ampersand or dots and without (`wifi`, `t-shirt`, `levis`, `rocknroll`, `acdc`, `hm`, `att`, `usa`), numbers as they are typed (`7.50R16`, `185/60R14`, not only parts of them), measures and models with and without a blank (`500 ml`, `iphone14`), and in scripts without blanks any part of a text (`茶碗`).',
].join(' ')

const filters = {
  q: t.Optional(
    reference({
      maxLength: 100,
      description: 'Words, or beginnings of words, in the name or the description',
    }),
  ),
  category: t.Optional(category),
  sellerId: t.Optional(id('Only what this seller sells')),
  currency: t.Optional(currency),
  priceMinMinor: t.Optional(priceBound('Lowest price in minor units; say in which `currency`')),
  priceMaxMinor: t.Optional(priceBound('Highest price in minor units; say in which `currency`')),
  inStock: t.Optional(oneOf(['true', 'false'], 'true for only what is in stock')),
}

const movement = t.Object(
  {
    at: instant('When it happened'),
    delta: integer({
      minimum: -QUANTITY_MAX.stock,
      maximum: QUANTITY_MAX.stock,
      description: 'Units added or taken',
      examples: [10],
    }),
    stockAfter: stockLeft,
    reason: oneOf(
      ['INITIAL', 'RESTOCK', 'CORRECTION', 'LOSS', 'RESERVED', 'RELEASED', 'EXPIRED'],
      'What moved it',
      'RESTOCK',
    ),
  },
  { title: 'StockMovement' },
)

const reservationLine = t.Object({
  productId,
  quantity: integer({ minimum: 1, maximum: QUANTITY_MAX.line }),
  unitPriceMinor: amountMinor('The price that the buyer was promised', 1),
  currency,
})

/** Stock set aside for an order. */
export const reservation = t.Object(
  {
    orderId: id('The order it is for'),
    status: t.Union([t.Literal('HELD'), t.Literal('CONFIRMED'), t.Literal('RELEASED'), t.Literal('EXPIRED')]),
    expiresAt: t.Union([instant('Until when it is held; null once it is not just held'), t.Null()]),
    lines: t.Array(
      t.Object({ productId, quantity: integer({ minimum: 0, maximum: QUANTITY_MAX.line, examples: [1] }) }),
      { maxItems: ORDER_LINES_MAX },
    ),
  },
  { title: 'Reservation' },
)

/** Reservations that are read at once. */
export const RESERVATIONS_MAX = 50

/** Orders that one call reserves or confirms stock for. */
export const RESERVATIONS_AT_ONCE_MAX = 64

/** The codes of what keeps stock from being set aside for an order. */
const RESERVATION_REFUSALS = [
  'out-of-stock',
  'product-gone',
  'price-changed',
  'reservation-mismatch',
  'order-cancelled',
  'reservation-expired',
  'duplicate-product',
] as const

/** Why one of several orders gets no stock, or cannot keep it. */
const reservationRefusal = t.Object(
  {
    code: oneOf(
      [...RESERVATION_REFUSALS, 'not-found'],
      'The code of the problem that the same request for this order alone is answered with',
      'out-of-stock',
    ),
    productIds: t.Array(productId, {
      maxItems: ORDER_LINES_MAX,
      description: 'The products that are the reason',
    }),
  },
  { title: 'ReservationRefusal' },
)

/** What became of one of the orders that one call named. */
export const reservationOutcome = t.Object(
  {
    orderId: id('The order it is for'),
    reservation: t.Optional(reservation),
    refusal: t.Optional(reservationRefusal),
  },
  {
    title: 'ReservationOutcome',
    description:
      'A reservation or a refusal; neither when somebody else has locked the stock: then ask for this order alone',
  },
)
const reservationOutcomes = t.Object({
  items: t.Array(reservationOutcome, {
    maxItems: RESERVATIONS_AT_ONCE_MAX,
    description: 'In the order of the request',
  }),
})

const reservationParams = t.Object({ orderId: id('The order it is for') })

/** What the order service needs to know of a product to sell it. */
export const offer = t.Object(
  {
    productId,
    sellerId: id('Who sells it'),
    name: line({ maxLength: 120, examples: ['Blue enamel kettle'] }),
    priceMinor: amountMinor('The price of one unit', 1),
    currency,
    status: t.Union([t.Literal('LISTED'), t.Literal('ARCHIVED')]),
  },
  { title: 'Offer' },
)

/** Over which products it was refused. */
const whichProducts = t.Object({
  productIds: t.Array(id('A product'), { maxItems: ORDER_LINES_MAX, description: 'Which products' }),
})

/** Everything the inventory service does: products, their pictures, their stock and what is reserved of it. */
export const inventoryApi = defineApi({
  service: 'inventory',
  title: 'Bazaar Inventory',
  description:
    'The products of all sellers: a home page and a catalogue that anyone may view, the sellers’ own products, and stock that is never sold twice.',
  operations: {
    readHomePage: {
      method: 'GET',
      path: '/home',
      detail: {
        tags: ['Catalogue'],
        summary: 'View the home page',
        description:
          'The page as it was at most a second ago; it may be kept for one more, as its Cache-Control says. A seller’s own changes are on it at once.',
      },
      access: 'anyone',
      answerHeaders: ['ETag'],
      response: {
        200: t.Object({
          categories: t.Array(categoryCard, {
            maxItems: 100,
            description: 'The 60 with most on offer; `GET /categories` has all of them',
          }),
          newest: t.Array(productCard, { maxItems: 100 }),
          almostGone: t.Array(productCard, { maxItems: 100, description: 'In stock, but not for long' }),
        }),
      },
    },
    listCategories: {
      method: 'GET',
      path: '/categories',
      detail: { tags: ['Catalogue'], summary: 'List all categories that have something on offer, by name' },
      access: 'anyone',
      answerHeaders: ['ETag'],
      query: t.Object({ limit: t.Optional(limit), cursor: t.Optional(cursor) }),
      response: { 200: page(categoryCard) },
    },
    listProducts: {
      method: 'GET',
      path: '/products',
      detail: {
        tags: ['Catalogue'],
        summary: 'Search, filter and sort the products',
        description: SEARCHING,
      },
      access: 'anyone',
      answerHeaders: ['ETag'],
      query: t.Object({
        ...filters,
        sort: t.Optional(
          t.Union(
            [
              t.Literal('newest'),
              t.Literal('price-ascending'),
              t.Literal('price-descending'),
              t.Literal('name'),
            ],
            { description: 'newest when not given; by price: one currency after the other' },
          ),
        ),
        limit: t.Optional(limit),
        cursor: t.Optional(cursor),
      }),
      response: { 200: page(productCard) },
    },
    readProduct: {
      method: 'GET',
      path: '/products/:productId',
      detail: {
        tags: ['Catalogue'],
        summary: 'View a product',
        description: 'An archived product can still be viewed, so that old orders can show it.',
      },
      access: 'anyone',
      answerHeaders: ['ETag'],
      params: productParams,
      response: { 200: product },
      problems: ['not-found'],
    },
    readImage: {
      method: 'GET',
      path: '/products/:productId/images/:imageId',
      detail: {
        tags: ['Catalogue'],
        summary: 'View a picture of a product',
        description:
          'Always WebP, whatever was sent, and at most 1,600 pixels a side. What is at one address never changes.',
      },
      access: 'anyone',
      answerHeaders: ['ETag'],
      params: t.Object({ productId, imageId: id('The id of the picture') }),
      query: t.Object({ width: t.Optional(imageWidth) }),
      response: { 200: picture },
      problems: ['not-found'],
    },
    listOwnProducts: {
      method: 'GET',
      path: '/seller/products',
      detail: { tags: ['Selling'], summary: 'List your products, archived ones too' },
      access: { session: 'SELLER', others: 'have-their-own' },
      query: t.Object({ limit: t.Optional(limit), cursor: t.Optional(cursor) }),
      response: { 200: page(product) },
    },
    createProduct: {
      method: 'POST',
      path: '/products',
      detail: { tags: ['Selling'], summary: 'Offer a product' },
      access: { session: 'SELLER', others: 'have-their-own' },
      answerHeaders: ['ETag', 'Location'],
      body: t.Object({ ...productFields, properties: t.Optional(properties), stockCount }),
      idempotencyKey: true,
      response: { 201: product },
      problems: ['account-closing', 'email-not-verified', 'unknown-currency'],
    },
    changeProduct: {
      method: 'PATCH',
      path: '/products/:productId',
      detail: {
        tags: ['Selling'],
        summary: 'Change one of your products',
        description:
          'Members that are left out stay unchanged; `properties` are replaced as a whole. Placed orders keep the price they were placed at. If-Match takes what RFC 9110 allows: one ETag, a list of them, or `*`; a weak one matches nothing.',
      },
      access: { session: 'SELLER', others: 'not-your-product' },
      answerHeaders: ['ETag'],
      params: productParams,
      body: t.Partial(t.Object(productFields), { examples: [{ priceMinor: 1_799 }] }),
      ifMatch: 'required',
      response: { 200: product },
      problems: ['not-found', 'not-your-product', 'product-archived', 'unknown-currency'],
    },
    archiveProduct: {
      method: 'POST',
      path: '/products/:productId/archive',
      detail: {
        tags: ['Selling'],
        summary: 'Take one of your products off the market',
        description:
          'It can no longer be found, changed or ordered until it is relisted. Orders already placed stay valid. Repeatable.',
      },
      access: { session: 'SELLER', others: 'not-your-product' },
      answerHeaders: ['ETag'],
      params: productParams,
      ifMatch: 'optional',
      response: { 200: product },
      problems: ['not-found', 'not-your-product'],
    },
    relistProduct: {
      method: 'POST',
      path: '/products/:productId/relist',
      detail: {
        tags: ['Selling'],
        summary: 'Put one of your archived products on the market again',
        description: 'It comes back unchanged, with the stock that it has. Repeatable.',
      },
      access: { session: 'SELLER', others: 'not-your-product' },
      answerHeaders: ['ETag'],
      params: productParams,
      ifMatch: 'optional',
      response: { 200: product },
      problems: ['account-closing', 'email-not-verified', 'not-found', 'not-your-product'],
    },
    stopSelling: {
      method: 'POST',
      path: '/seller/stop',
      detail: {
        tags: ['Selling'],
        summary: 'Stop selling, because your account is to be closed',
        description:
          'What the user service asks for before it closes your account. Answers up to twenty of your products that are on the market. When there is none, the sessions that you have now can offer nothing any more; if the account stays, log in again a minute later. Repeatable.',
      },
      access: { session: 'SELLER', others: 'have-their-own' },
      response: {
        200: t.Object({
          productIds: t.Array(id('A product'), { maxItems: 20, description: 'Your products on the market' }),
        }),
      },
    },
    adjustStock: {
      method: 'POST',
      path: '/products/:productId/stock-adjustments',
      detail: { tags: ['Selling'], summary: 'Add to or take from the stock of one of your products' },
      access: { session: 'SELLER', others: 'not-your-product' },
      params: productParams,
      body: t.Object({
        delta: integer({
          minimum: -QUANTITY_MAX.stock,
          maximum: QUANTITY_MAX.stock,
          description: 'Units to add, or with a minus sign to take; not 0',
          examples: [10],
        }),
        reason: t.Union([t.Literal('RESTOCK'), t.Literal('CORRECTION'), t.Literal('LOSS')]),
      }),
      idempotencyKey: true,
      response: { 201: movement },
      problems: ['not-found', 'not-your-product', 'stock-would-be-negative', 'stock-would-be-too-large'],
    },
    listStockMovements: {
      method: 'GET',
      path: '/products/:productId/stock-movements',
      detail: {
        tags: ['Selling'],
        summary: 'See every movement of the stock of one of your products, the newest first',
      },
      access: { session: 'SELLER', others: 'not-your-product' },
      params: productParams,
      query: t.Object({ limit: t.Optional(limit), cursor: t.Optional(cursor) }),
      response: { 200: page(movement) },
      problems: ['not-found', 'not-your-product'],
    },
    addImage: {
      method: 'POST',
      path: '/products/:productId/images',
      detail: {
        tags: ['Selling'],
        summary: 'Add a picture to one of your products',
        description: [
          'Send the file itself, or as `file` of a form and nothing else in it: PNG, JPEG or WebP, whichever of them it is called, or `application/octet-stream`, or nothing. It is checked by its content and stored afresh, without what cameras write into it. The same picture sent again is there once.',
          `A product has up to ${IMAGE_MAX.ofProduct} pictures, each up to 5 MB as a file, ${IMAGE_MAX.sidePixels} pixels a side, ${IMAGE_MAX.pixels / 1e6} million pixels in all, and ${IMAGE_MAX.decodedBytes / 1e6} MB decoded: pixels times channels, twice that with 16 bits a channel or as a progressive JPEG.`,
        ].join(' '),
      },
      access: { session: 'SELLER', others: 'not-your-product' },
      answerHeaders: ['Location'],
      cost: 10,
      params: productParams,
      imageBodyBytesMax: IMAGE_MAX.fileBytes,
      response: { 201: image },
      problems: [
        'not-found',
        'not-your-product',
        'not-an-image',
        'image-too-large',
        'too-many-images',
        'too-many-requests',
      ],
    },
    orderImages: {
      method: 'PUT',
      path: '/products/:productId/images',
      detail: {
        tags: ['Selling'],
        summary: 'Put the pictures of one of your products in order',
        description: 'The first one is shown in lists. Name each of them once.',
      },
      access: { session: 'SELLER', others: 'not-your-product' },
      params: productParams,
      body: t.Object({
        imageIds: t.Array(id('A picture of the product'), {
          minItems: 1,
          maxItems: IMAGE_MAX.ofProduct,
          uniqueItems: true,
        }),
      }),
      response: { 200: t.Object({ items: t.Array(image, { maxItems: IMAGE_MAX.ofProduct }) }) },
      problems: ['not-found', 'not-your-product', 'images-differ'],
    },
    describeImage: {
      method: 'PATCH',
      path: '/products/:productId/images/:imageId',
      detail: {
        tags: ['Selling'],
        summary: 'Say what a picture of one of your products shows',
        description: 'For people who do not see it. An empty text or null takes it back.',
      },
      access: { session: 'SELLER', others: 'not-your-product' },
      params: t.Object({ productId, imageId: id('The id of the picture') }),
      body: t.Object({ altText: maybeLine(imageText) }),
      response: { 200: image },
      problems: ['not-found', 'not-your-product'],
    },
    deleteImage: {
      method: 'DELETE',
      path: '/products/:productId/images/:imageId',
      detail: { tags: ['Selling'], summary: 'Remove a picture from one of your products' },
      access: { session: 'SELLER', others: 'not-your-product' },
      params: t.Object({ productId, imageId: id('The id of the picture') }),
      response: { 204: nothing },
      problems: ['not-found', 'not-your-product'],
    },
    listOffers: {
      method: 'GET',
      path: '/offers',
      detail: {
        tags: ['Reservations'],
        summary: 'Read what an order needs to know of products',
        description: 'Products that do not exist are left out.',
      },
      access: { key: 'reservations:write' },
      query: t.Object({
        productIds: ids(ORDER_LINES_MAX),
      }),
      response: { 200: t.Object({ items: t.Array(offer, { maxItems: ORDER_LINES_MAX }) }) },
    },
    listReservations: {
      method: 'GET',
      path: '/reservations',
      detail: {
        tags: ['Reservations'],
        summary: 'Read what is set aside for orders',
        description:
          'To compare orders with their stock. Sorted by the id of the order; those of `orderIds`, or of all orders, page by page: the id of the last one is the `afterOrderId` of the next page, and a page that is not full is the last. Orders that have reserved nothing are left out.',
      },
      access: { key: 'reservations:write' },
      query: t.Object({
        orderIds: t.Optional(ids(RESERVATIONS_MAX)),
        afterOrderId: t.Optional(id('Only orders whose id comes after this one; it may be of no order')),
        limit: t.Optional(
          t.String({
            pattern: '^([1-9]|[1-4][0-9]|50)$',
            maxLength: 2,
            'x-integer': { minimum: 1, maximum: RESERVATIONS_MAX, default: RESERVATIONS_MAX },
            description: `Reservations on a page, 1 to ${RESERVATIONS_MAX} (${RESERVATIONS_MAX} when not given)`,
          }),
        ),
      }),
      response: { 200: t.Object({ items: t.Array(reservation, { maxItems: RESERVATIONS_MAX }) }) },
    },
    placeReservation: {
      method: 'PUT',
      path: '/reservations/:orderId',
      detail: {
        tags: ['Reservations'],
        summary: 'Set stock aside for an order: all of it or nothing',
        description:
          'Repeatable: the same order gets the same answer. The stock is held until `expiresAt` unless the reservation is confirmed before.',
      },
      access: { key: 'reservations:write' },
      params: reservationParams,
      body: t.Object({ lines: t.Array(reservationLine, { minItems: 1, maxItems: ORDER_LINES_MAX }) }),
      response: { 200: reservation },
      problems: RESERVATION_REFUSALS,
    },
    placeReservations: {
      method: 'PUT',
      path: '/reservations',
      detail: {
        tags: ['Reservations'],
        summary: 'Set stock aside for several orders, each for itself',
        description:
          'What happens to one order says nothing of the others. Repeatable, as for one order. Does not wait for stock that somebody else has locked.',
      },
      access: { key: 'reservations:write' },
      body: t.Object({
        reservations: t.Array(
          t.Object({
            orderId: id('The order it is for'),
            lines: t.Array(reservationLine, { minItems: 1, maxItems: ORDER_LINES_MAX }),
          }),
          { minItems: 1, maxItems: RESERVATIONS_AT_ONCE_MAX },
        ),
      }),
      response: { 200: reservationOutcomes },
    },
    confirmReservations: {
      method: 'POST',
      path: '/reservation-confirmations',
      detail: {
        tags: ['Reservations'],
        summary: 'Keep what was set aside for several orders, each for itself',
        description: 'Repeatable. Does not wait for stock that somebody else has locked.',
      },
      access: { key: 'reservations:write' },
      body: t.Object({
        orderIds: t.Array(id('An order'), { minItems: 1, maxItems: RESERVATIONS_AT_ONCE_MAX }),
      }),
      response: { 200: reservationOutcomes },
    },
    confirmReservation: {
      method: 'POST',
      path: '/reservations/:orderId/confirmation',
      detail: {
        tags: ['Reservations'],
        summary: 'Keep what was set aside for good',
        description: 'Repeatable.',
      },
      access: { key: 'reservations:write' },
      params: reservationParams,
      response: { 200: reservation },
      problems: ['not-found', 'reservation-expired', 'order-cancelled'],
    },
    readReservation: {
      method: 'GET',
      path: '/reservations/:orderId',
      detail: { tags: ['Reservations'], summary: 'Read what is set aside for an order' },
      access: { key: 'reservations:write' },
      params: reservationParams,
      response: { 200: reservation },
      problems: ['not-found'],
    },
    ...apiKeyOperations,
  },
  problems: {
    'not-your-product': { status: 403, title: 'This product belongs to another seller' },
    'email-not-verified': { status: 403, title: 'Your e-mail address is not verified' },
    'account-closing': { status: 409, title: 'The account is being closed in this session' },
    'product-archived': { status: 409, title: 'The product is archived' },
    'stock-would-be-negative': { status: 409, title: 'There is not enough in stock to take' },
    'stock-would-be-too-large': { status: 409, title: 'The stock would be too large' },
    'too-many-images': { status: 409, title: 'The product has too many pictures' },
    'images-differ': { status: 409, title: 'These are not the pictures of the product' },
    'not-an-image': { status: 415, title: 'This is not a picture of a supported type' },
    'image-too-large': {
      status: 422,
      title: 'The picture has too many pixels',
      members: t.Object({
        limitSidePixels: upTo('How many pixels a side may have', 10_000),
        limitPixels: upTo('How many pixels there may be', 25_000_000),
        limitDecodedBytes: upTo('How many bytes it may have once decoded', 100_000_000),
      }),
    },
    'unknown-currency': { status: 422, title: 'Unknown currency' },
    'out-of-stock': { status: 409, title: 'There is not enough in stock', members: whichProducts },
    'product-gone': { status: 409, title: 'The product is no longer sold', members: whichProducts },
    'price-changed': { status: 409, title: 'The price has changed', members: whichProducts },
    'reservation-mismatch': { status: 409, title: 'The order already has another reservation' },
    'reservation-expired': { status: 409, title: 'The reservation has expired' },
    'order-cancelled': { status: 409, title: 'The order was cancelled' },
    'duplicate-product': { status: 422, title: 'A product is named twice' },
    ...apiKeyProblems,
  },
})
