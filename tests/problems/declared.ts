import { readFileSync } from 'node:fs'
import { asArray, asObject, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'

/** The services, whose documents say which problems their operations send. */
const SERVICES = ['iam', 'user', 'inventory', 'order']

/**
 * All problems that the committed documents declare, each as a word for the service, the operation, the status and the
 * code: `order placeOrder 409 out-of-stock`.
 */
export function declaredProblems(): Set<string> {
  return new Set(SERVICES.flatMap(problemsOf))
}

function problemsOf(service: string): string[] {
  const file = new URL(`../../contracts/openapi/${service}.json`, import.meta.url)
  const document: JsonObject = JSON.parse(readFileSync(file, 'utf8'))
  const operations = Object.values(asObject(document['paths'])).flatMap((item) =>
    Object.values(asObject(item)).map(asObject),
  )
  return operations.flatMap(({ operationId, responses }) => {
    // What services ask of each other has the name of the service in front.
    const name = String(operationId).replace(`${service}_`, '')
    return Object.entries(asObject(responses)).flatMap(([status, answer]) =>
      codesOf(asObject(answer)).map((code) => `${service} ${name} ${status} ${code}`),
    )
  })
}

function codesOf(answer: JsonObject): string[] {
  const content = asObject(asObject(answer['content'])['application/problem+json'])
  const [, own] = asArray(asObject(content['schema'])['allOf'])
  return asArray(asObject(asObject(asObject(own)['properties'])['code'])['enum']).map(String)
}
