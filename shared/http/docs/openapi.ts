import { answerHeaders } from '../../api/headers.ts'
import { IMAGE_ANSWER_TYPE } from '../../api/operation.ts'
import { problemBody } from '../../api/schema.ts'
import { problemContent } from './openapi-problem.ts'
import {
  asArray,
  asObject,
  exampleOf,
  type Json,
  type JsonObject,
  nameParts,
  tidySchema,
} from './openapi-schema.ts'

const PICTURE = { schema: { type: 'string', format: 'binary' } }
/** The media types that pictures may have. */
const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp']
/** A picture as a part of a form, as browsers send it. */
const PICTURE_FORM = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: { file: { type: 'string', format: 'binary', description: 'The picture' } },
      required: ['file'],
      additionalProperties: false,
    },
    encoding: { file: { contentType: PICTURE_TYPES.join(', ') } },
  },
}

/** The meaning of a success whose schema does not describe it. */
const SUCCESSES: Record<string, string> = {
  200: 'Done',
  201: 'Created',
  202: 'Kept, and still being worked on',
  204: 'Done; there is nothing to say',
  304: 'It is still what you have',
}

/** The parts that are described once and referred to. */
type Components = { schemas: JsonObject; examples: JsonObject }

/**
 * Turns the Swagger plug-in's document into valid, accurate OpenAPI 3.1: one media type for each body (problems as
 * application/problem+json, pictures as images), a description for each answer, headers as parameters, an example for
 * each body, and a name for each schema that has a title. Operations that services ask of each other get the name of
 * the service in front, because several services have those on API keys, and names are unique over all documents.
 */
export function tidyDocument(raw: unknown, service: string): JsonObject {
  const document = asObject(JSON.parse(JSON.stringify(raw)))
  const components: Components = {
    examples: {},
    schemas: { Problem: tidySchema(asObject(JSON.parse(JSON.stringify(problemBody)))) },
  }
  const paths: JsonObject = {}
  for (const [path, item] of Object.entries(asObject(document['paths']))) {
    const operations = Object.entries(asObject(item)).map(([method, operation]) => {
      const { operationId, ...about } = tidyOperation(asObject(operation), components)
      const id = about['x-internal'] ? `${service}_${operationId}` : String(operationId)
      return [method, { operationId: id, ...about }] as const
    })
    paths[path] = Object.fromEntries(operations)
  }
  return {
    openapi: '3.1.0',
    info: document['info'] ?? {},
    // Beside the document, wherever it is served from: a proxy may put a path in front.
    servers: [{ url: '.', description: 'Where this document is served' }],
    tags: document['tags'] ?? [],
    paths,
    components: {
      securitySchemes: asObject(document['components'])['securitySchemes'] ?? {},
      ...components,
      headers: headersIn(paths),
    },
  }
}

function tidyOperation(operation: JsonObject, components: Components): JsonObject {
  const {
    'x-headers': headers,
    'x-answer-headers': answerHeaderNames,
    'x-not-modified': notModified,
    'x-image-answer': imageAnswer,
    'x-image-body': imageBody,
    'x-status': status,
    parameters,
    responses: answers,
    requestBody,
    ...about
  } = operation
  const success = String(status)
  const responses: JsonObject = { [success]: { description: SUCCESSES[success] ?? 'Done' } }
  for (const [code, response] of Object.entries(asObject(answers)))
    responses[code] = tidyResponse(code, asObject(response), components)
  if (imageAnswer) responses[success] = { description: 'The picture', content: pictures([IMAGE_ANSWER_TYPE]) }
  if (notModified) responses['304'] = { description: SUCCESSES['304'] ?? '' }
  for (const [code, response] of Object.entries(responses))
    responses[code] = withHeaders(asObject(response), asArray(asObject(answerHeaderNames)[code]))
  const body = imageBody
    ? { required: true, content: { ...PICTURE_FORM, ...pictures(PICTURE_TYPES) } }
    : tidyBody(asObject(requestBody), components.schemas)
  return {
    ...about,
    parameters: [...asArray(parameters).map((one) => tidyParameter(asObject(one))), ...asArray(headers)],
    ...(body ? { requestBody: body } : {}),
    responses,
  }
}

/** The answer with references to its headers, which are described once for all answers. */
function withHeaders({ description = '', ...answer }: JsonObject, names: readonly Json[]): JsonObject {
  const headers = names.map((name) => [name, { $ref: `#/components/headers/${name}` }])
  return { description, headers: Object.fromEntries(headers), ...answer }
}

/** The headers that the answers of these paths refer to. */
function headersIn(paths: JsonObject): JsonObject {
  const text = JSON.stringify(paths)
  const used = Object.entries(answerHeaders).filter(([name]) =>
    text.includes(`#/components/headers/${name}"`),
  )
  return JSON.parse(JSON.stringify(Object.fromEntries(used)))
}

function pictures(types: readonly string[]): JsonObject {
  return Object.fromEntries(types.map((type) => [type, PICTURE]))
}

/** Optional parameters get no examples, because the page would send them as filters that nobody asked for. */
function tidyParameter(parameter: JsonObject): JsonObject {
  const { schema, examples, ...about } = parameter
  const { description, examples: own, ...tidy } = tidySchema(asObject(schema))
  const [example] = asArray(examples ?? own)
  return {
    ...about,
    ...(description ? { description } : {}),
    ...(example !== undefined && about['required'] ? { example } : {}),
    ...(about['in'] === 'query' && !about['required'] ? { allowEmptyValue: true } : {}),
    schema: tidy,
  }
}

function tidyBody(body: JsonObject, named: JsonObject): JsonObject | undefined {
  if (!body['content']) return undefined
  const schema = tidySchema(schemaIn(body), true)
  return { required: true, content: { 'application/json': media(schema, exampleOf(schema, false), named) } }
}

function tidyResponse(code: string, response: JsonObject, components: Components): JsonObject {
  const { description: said, ...raw } = schemaIn(response)
  if (Number(code) >= 400) {
    const content = problemContent(Number(code), asArray(raw['x-problems']), components.examples)
    return { description: said ?? 'Refused', content }
  }
  if (!response['content']) return { description: SUCCESSES[code] ?? 'Done' }
  const { 'x-example': own, ...described } = raw
  const schema = tidySchema(described)
  const example = exampleOf(schema, true)
  const shown = own ? { ...asObject(example), ...asObject(own) } : example
  return {
    description: SUCCESSES[code] ?? said ?? 'Done',
    content: { 'application/json': media(schema, shown, components.schemas) },
  }
}

function media(schema: JsonObject, example: Json | undefined, named: JsonObject): JsonObject {
  return { schema: nameParts(schema, named), ...(example === undefined ? {} : { example }) }
}

/** The one schema that the plug-in writes; some of it stands beside the media types, the same in each of them. */
function schemaIn(body: JsonObject): JsonObject {
  const { content, required: _required, ...beside } = body
  const [first] = Object.values(asObject(content))
  return { ...beside, ...asObject(asObject(first)['schema']) }
}
