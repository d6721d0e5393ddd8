/** An operation as a document describes it; plants know what they reach into. */
// biome-ignore lint/suspicious/noExplicitAny: a plant reaches into a document that it knows
type Described = any

/** A change planted into the description of one real operation. */
export type DocumentPlant = {
  title: string
  service: string
  path: string
  method: string
  change: (operation: Described) => void
}

const json = 'application/json'
const bodyOf = (operation: Described) => operation.requestBody.content[json].schema
const answerOf = (operation: Described, status = '200') => operation.responses[status].content[json].schema
const parameterOf = (operation: Described, name: string) =>
  operation.parameters.find((one: Described) => one.name === name)

function without<T>(list: readonly T[], one: T): T[] {
  if (!list.includes(one)) throw new Error(`There is no ${one} to be taken away`)
  return list.filter((other) => other !== one)
}

function at(place: string): Pick<DocumentPlant, 'service' | 'method' | 'path'> {
  const [service = '', method = '', path = ''] = place.split(' ')
  return { service, method: method.toLowerCase(), path }
}

/** What a client would not survive. */
export const breaking: DocumentPlant[] = [
  {
    title: 'a field of an answer is gone',
    ...at('order GET /orders/{orderId}'),
    change: (operation) => {
      const schema = answerOf(operation)
      delete schema.properties.placedAt
      schema.required = without(schema.required, 'placedAt')
    },
  },
  {
    title: 'a field of an answer may be missing',
    ...at('order GET /orders/{orderId}'),
    change: (operation) => {
      answerOf(operation).required = without(answerOf(operation).required, 'payment')
    },
  },
  {
    title: 'a field of an answer may be null',
    ...at('order GET /orders/{orderId}'),
    change: (operation) => {
      answerOf(operation).properties.placedAt.type = ['string', 'null']
    },
  },
  {
    title: 'a field of an answer has another type',
    ...at('order GET /orders/{orderId}'),
    change: (operation) => {
      answerOf(operation).properties.totalMinor.type = 'string'
    },
  },
  {
    title: 'an answer loses a value',
    ...at('order GET /orders/{orderId}'),
    change: (operation) => {
      const { status } = answerOf(operation).properties
      status.enum = without(status.enum, 'SHIPPED')
    },
  },
  {
    title: 'an answer gets a new value',
    ...at('order GET /orders/{orderId}'),
    change: (operation) => answerOf(operation).properties.status.enum.push('LOST'),
  },
  {
    title: 'a field of a request is shorter',
    ...at('order POST /orders/{orderId}/cancel'),
    change: (operation) => {
      bodyOf(operation).properties.reason.maxLength = 100
    },
  },
  {
    title: 'a field of a request is new and required',
    ...at('order POST /orders'),
    change: (operation) => {
      bodyOf(operation).properties.gift = { type: 'boolean' }
      bodyOf(operation).required.push('gift')
    },
  },
  {
    title: 'a field of a request is required now',
    ...at('order POST /orders'),
    change: (operation) => bodyOf(operation).required.push('expectedTotalMinor'),
  },
  {
    title: 'a field of a request has another type',
    ...at('order POST /orders'),
    change: (operation) => {
      bodyOf(operation).properties.expectedTotalMinor.type = 'string'
    },
  },
  {
    title: 'a field of a request is refused',
    ...at('order POST /orders'),
    change: (operation) => {
      delete bodyOf(operation).properties.expectedTotalMinor
    },
  },
  {
    title: 'a page is smaller',
    ...at('order GET /orders'),
    change: (operation) => {
      parameterOf(operation, 'limit').schema.maximum = 50
    },
  },
  {
    title: 'a parameter takes fewer values',
    ...at('order GET /orders'),
    change: (operation) => {
      const { schema } = parameterOf(operation, 'status')
      schema.enum = without(schema.enum, 'PENDING')
    },
  },
  {
    title: 'a parameter is gone',
    ...at('order GET /orders'),
    change: (operation) => {
      operation.parameters = without(operation.parameters, parameterOf(operation, 'placedFrom'))
    },
  },
  {
    title: 'a header is new and required',
    ...at('order GET /orders'),
    change: (operation) =>
      operation.parameters.push({ name: 'X-Shop', in: 'header', required: true, schema: { type: 'string' } }),
  },
  {
    title: 'a success is gone',
    ...at('order POST /orders'),
    change: (operation) => {
      delete operation.responses['202']
    },
  },
  {
    title: 'a refusal is gone',
    ...at('order POST /orders'),
    change: (operation) => {
      delete operation.responses['409']
    },
  },
  {
    title: 'a header of an answer is gone',
    ...at('user GET /sellers/{sellerId}'),
    change: (operation) => {
      delete operation.responses['200'].headers.ETag
    },
  },
  {
    title: 'an answer has another media type',
    ...at('order GET /orders'),
    change: (operation) => {
      operation.responses['200'].content = { 'text/plain': { schema: { type: 'string' } } }
    },
  },
  {
    title: 'a picture can no longer be sent as one of the types',
    ...at('inventory POST /products/{productId}/images'),
    change: (operation) => {
      delete operation.requestBody.content['image/png']
    },
  },
  {
    title: 'a session is wanted where anyone could call',
    ...at('inventory GET /products'),
    change: (operation) => {
      operation.security = [{ session: [] }]
    },
  },
  {
    title: 'only sellers may call instead of all users',
    ...at('order GET /open-orders'),
    change: (operation) => {
      operation['x-access'].session = 'SELLER'
    },
  },
]

/** What a client does not notice, or was told to expect. */
export const compatible: DocumentPlant[] = [
  {
    title: 'an answer has a new field',
    ...at('order GET /orders/{orderId}'),
    change: (operation) => {
      answerOf(operation).properties.gift = { type: 'boolean' }
      answerOf(operation).required.push('gift')
    },
  },
  {
    title: 'a request has a new field, which may be left out',
    ...at('order POST /orders'),
    change: (operation) => {
      bodyOf(operation).properties.gift = { type: 'boolean' }
    },
  },
  {
    title: 'a field of a request may be left out',
    ...at('order POST /orders'),
    change: (operation) => {
      bodyOf(operation).required = without(bodyOf(operation).required, 'payment')
    },
  },
  {
    title: 'a field of a request may be longer',
    ...at('order POST /orders/{orderId}/cancel'),
    change: (operation) => {
      bodyOf(operation).properties.reason.maxLength = 1_000
    },
  },
  {
    title: 'a parameter takes a new value',
    ...at('order GET /orders'),
    change: (operation) => parameterOf(operation, 'status').schema.enum.push('LOST'),
  },
  {
    title: 'a parameter is new, and may be left out',
    ...at('order GET /orders'),
    change: (operation) =>
      operation.parameters.push({ name: 'gift', in: 'query', schema: { type: 'string' } }),
  },
  {
    title: 'the parameters come in another order',
    ...at('order GET /orders'),
    change: (operation) => operation.parameters.reverse(),
  },
  {
    title: 'it is described in other words',
    ...at('order GET /orders'),
    change: (operation) => {
      operation.description = 'The same in other words'
    },
  },
  {
    title: 'there is a refusal of another status',
    ...at('order GET /orders'),
    change: (operation) => {
      operation.responses['410'] = operation.responses['422']
    },
  },
  {
    title: 'anyone may call',
    ...at('order GET /orders'),
    change: (operation) => {
      operation.security = []
      operation['x-access'] = 'anyone'
    },
  },
  {
    title: 'all users may call instead of buyers',
    ...at('order GET /orders'),
    change: (operation) => {
      operation['x-access'].session = 'any'
    },
  },
  {
    title: 'an answer has a new header',
    ...at('order GET /orders'),
    change: (operation) => {
      operation.responses['200'].headers = {
        ...operation.responses['200'].headers,
        'X-New': { schema: { type: 'string' } },
      }
    },
  },
  {
    title: 'an answer can be had in another media type, too',
    ...at('order GET /orders'),
    change: (operation) => {
      const { content } = operation.responses['200']
      content['application/cbor'] = content[json]
    },
  },
]
