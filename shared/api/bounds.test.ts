import { describe, expect, test } from 'bun:test'
import { iamApi } from './iam.ts'
import { inventoryApi } from './inventory.ts'
import { messages } from './messages.ts'
import type { Operation, Schema } from './operation.ts'
import { orderApi } from './order.ts'
import { nothing, picture, problemBody } from './schema.ts'
import { userApi } from './user.ts'

type Node = Record<string, unknown>

/** The places in a schema where something may be as long, as many or as large as it likes. */
function unboundedIn(schema: Node, path: string): string[] {
  if ('const' in schema || 'enum' in schema) return []
  const members = Object.entries(schema['properties'] ?? {}).flatMap(([name, member]) =>
    unboundedIn(member, `${path}/${name}`),
  )
  const variants = Array.isArray(schema['anyOf'])
    ? schema['anyOf'].flatMap((variant: Node) => unboundedIn(variant, path))
    : []
  switch (schema['type']) {
    case 'string':
      return typeof schema['maxLength'] === 'number' ? [] : [`${path} may be of any length`]
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' && typeof schema['maximum'] === 'number'
        ? []
        : [`${path} may be of any size`]
    case 'array':
      return [
        ...(typeof schema['maxItems'] === 'number' ? [] : [`${path} may have any number of items`]),
        ...unboundedIn(Object(schema['items']), `${path}/0`),
      ]
    case 'object': {
      const patterns = Object.entries(schema['patternProperties'] ?? {})
      return [
        ...members,
        ...(patterns.length === 0 || typeof schema['maxProperties'] === 'number'
          ? []
          : [`${path} may have any number of properties`]),
        ...patterns.flatMap(([, member]) => unboundedIn(member, `${path}/*`)),
      ]
    }
    case 'boolean':
    case 'null':
      return []
    default:
      return variants.length > 0 || Array.isArray(schema['anyOf']) ? variants : [`${path} may be anything`]
  }
}

const schemasOf = (operation: Operation): [string, Schema][] =>
  Object.entries({
    params: operation.params,
    query: operation.query,
    body: operation.body,
    ...operation.response,
  }).flatMap(([where, schema]) =>
    schema && schema !== nothing && schema !== picture ? [[where, schema] as [string, Schema]] : [],
  )

const schemas: [string, unknown][] = [
  ...[iamApi, userApi, inventoryApi, orderApi].flatMap((api) =>
    Object.entries<Operation>(api.operations).flatMap(([name, operation]) =>
      schemasOf(operation).map(([where, schema]): [string, unknown] => [
        `${api.service} ${name} ${where}`,
        schema,
      ]),
    ),
  ),
  ...Object.entries(messages).map(([type, message]): [string, unknown] => [`message ${type}`, message]),
  ['problem', problemBody],
]

describe('every string, list, number and free property has a limit', () => {
  test.each(schemas)('in %s', (_, schema) => {
    expect(unboundedIn(Object(schema), '')).toEqual([])
  })
})

test('a place without a limit is found', () => {
  const schema = {
    type: 'object',
    properties: {
      text: { type: 'string' },
      list: {
        type: 'array',
        maxItems: 1,
        items: { anyOf: [{ type: 'null' }, { type: 'number', minimum: 0 }] },
      },
      free: { type: 'object', patternProperties: { '^x$': { type: 'string', maxLength: 1 } } },
      any: {},
    },
  }
  expect(unboundedIn(schema, '')).toEqual([
    '/text may be of any length',
    '/list/0 may be of any size',
    '/free may have any number of properties',
    '/any may be anything',
  ])
})
