import { problemBody } from './api/schema.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

/**
 * Makes the document that the Swagger plug-in writes valid OpenAPI 3.1 and true: one media type for each body
 * (problems as application/problem+json, pictures as images), whole numbers as integers, alternatives of
 * constants as enumerations, a description for each answer, headers as parameters.
 */
export function tidyDocument(raw: unknown): JsonObject {
  const document = asObject(JSON.parse(JSON.stringify(raw)))
  const paths: JsonObject = {}
  const tags = new Set<string>()
  for (const [path, item] of Object.entries(asObject(document['paths']))) {
    const operations = Object.entries(asObject(item)).map(([method, operation]) => {
      for (const tag of asArray(asObject(operation)['tags'])) tags.add(String(tag))
      return [method, tidyOperation(asObject(operation))] as const
    })
    paths[path] = Object.fromEntries(operations)
  }
  const components = asObject(document['components'])
  return {
    openapi: '3.1.0',
    info: document['info'] ?? {},
    servers: [{ url: '/' }],
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: components['securitySchemes'] ?? {},
      schemas: { Problem: tidySchema(asObject(JSON.parse(JSON.stringify(problemBody)))) },
    },
  }
}

function tidyOperation(operation: JsonObject): JsonObject {
  const {
    'x-headers': headers,
    'x-image-answer': imageAnswer,
    'x-image-body': imageBody,
    'x-status': status,
    ...rest
  } = operation
  const parameters = asArray(rest['parameters']).map((parameter) => {
    const { schema, ...about } = asObject(parameter)
    const tidy = tidySchema(asObject(schema))
    const { description = null, examples = null, ...bare } = tidy
    return {
      ...about,
      ...(description ? { description } : {}),
      ...(examples ? { example: asArray(examples)[0] ?? null } : {}),
      schema: bare,
    }
  })
  const responses: JsonObject = {}
  for (const [code, response] of Object.entries(asObject(rest['responses'])))
    responses[code] = tidyResponse(Number(code), asObject(response))
  const success = String(status)
  if (!responses[success]) responses[success] = { description: 'Done' }
  if (imageAnswer) {
    const picture = { schema: { type: 'string', format: 'binary' } }
    responses[success] = {
      description: 'The picture',
      content: { 'image/webp': picture, 'image/png': picture, 'image/jpeg': picture },
    }
  }
  const body = asObject(rest['requestBody'])
  const tidied: JsonObject = { ...rest, parameters: [...parameters, ...asArray(headers)], responses }
  if (imageBody) {
    const picture = { schema: { type: 'string', format: 'binary' } }
    tidied['requestBody'] = {
      required: true,
      content: { 'image/png': picture, 'image/jpeg': picture, 'image/webp': picture },
    }
  } else if (body['content']) {
    tidied['requestBody'] = {
      required: true,
      content: { 'application/json': { schema: tidySchema(firstSchema(body)) } },
    }
  }
  return tidied
}

function tidyResponse(status: number, response: JsonObject): JsonObject {
  const schema = firstSchema(response)
  const description = typeof response['description'] === 'string' ? response['description'] : 'Success'
  if (Object.keys(schema).length === 0) return { description }
  if (status >= 400)
    return {
      description,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  return { description, content: { 'application/json': { schema: tidySchema(schema) } } }
}

/** The schema of the first media type that the plug-in wrote for a body, or that it wrote beside them. */
function firstSchema(body: JsonObject): JsonObject {
  const [media] = Object.values(asObject(body['content']))
  return asObject(asObject(media)['schema'])
}

function tidySchema(schema: JsonObject): JsonObject {
  const { $id: _id, anyOf, 'x-integer': integer, 'x-format': format, ...others } = schema
  const rest: JsonObject = format ? { ...others, format } : others
  if (integer) {
    const { pattern: _pattern, type: _type, minLength: _min, maxLength: _max, ...about } = rest
    return { type: 'integer', ...asObject(integer), ...about }
  }
  if (anyOf) return tidyAlternatives(asArray(anyOf).map(asObject), rest)
  const tidy: JsonObject = {}
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'properties') {
      tidy[key] = Object.fromEntries(
        Object.entries(asObject(value)).map(([name, member]) => [name, tidySchema(asObject(member))]),
      )
    } else if (key === 'patternProperties') {
      tidy['additionalProperties'] = tidySchema(asObject(Object.values(asObject(value))[0]))
    } else if (key === 'items') tidy[key] = tidySchema(asObject(value))
    else tidy[key] = value
  }
  if (tidy['type'] === 'number' && tidy['multipleOf'] === 1) {
    tidy['type'] = 'integer'
    delete tidy['multipleOf']
  }
  return tidy
}

function tidyAlternatives(alternatives: JsonObject[], rest: JsonObject): JsonObject {
  const values = alternatives.filter((one) => one['type'] !== 'null')
  const nullable = values.length < alternatives.length
  if (values.every((one) => 'const' in one)) {
    return {
      ...rest,
      type: nullable ? ['string', 'null'] : 'string',
      enum: [...values.map((one) => one['const'] ?? null), ...(nullable ? [null] : [])],
    }
  }
  const [only] = values
  if (nullable && values.length === 1 && only) {
    const tidy = tidySchema({ ...rest, ...only })
    return typeof tidy['type'] === 'string'
      ? { ...tidy, type: [tidy['type'], 'null'] }
      : { anyOf: [tidy, { type: 'null' }] }
  }
  return { ...rest, anyOf: alternatives.map(tidySchema) }
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function asArray(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}
