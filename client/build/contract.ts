import { inventoryApi } from '@bazaar/shared/api/inventory'
import {
  type Api,
  answersPicture,
  type Operation,
  type ProblemKind,
  usualStatusOf,
} from '@bazaar/shared/api/operation'
import { orderApi } from '@bazaar/shared/api/order'
import { commonProblems } from '@bazaar/shared/api/problems'
import { nothing } from '@bazaar/shared/api/schema'
import { userApi } from '@bazaar/shared/api/user'

/*
 * The contract as the client needs it. This file alone knows how shared/api declares operations; iam and whatever
 * takes an API key is for services and stays out.
 */

/** A JSON schema, as TypeBox writes it. */
export type Schema = {
  type?: string
  const?: string
  title?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  patternProperties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  'x-integer'?: object
}

/** An operation that people may call. */
export type ContractOperation = {
  name: string
  summary: string
  description: string | undefined
  method: string
  path: string
  needsSession: boolean
  params: Schema | undefined
  query: Schema | undefined
  body: Schema | undefined
  takesPicture: boolean
  answer: Schema | 'picture' | undefined
  /** It may answer 202, and tells what became of it when it is repeated. */
  mayBePending: boolean
  takesKey: boolean
  ifMatch: 'required' | 'optional' | undefined
  problems: readonly string[]
}

/** A refusal: its status, and its title. */
export type ContractProblem = { status: number; title: string; members: Schema | undefined }

/** What one service offers to people. */
export type ContractService = { name: string; operations: ContractOperation[] }

/** The services that people call. */
export const services: ContractService[] = [userApi, inventoryApi, orderApi].map((api: Api) => ({
  name: api.service,
  operations: Object.entries(api.operations).filter(isForPeople).map(operationOf),
}))

const named = new Set(services.flatMap(({ operations }) => operations.flatMap(({ problems }) => problems)))

/** The refusals that any operation may answer with. */
export const anywhere = contractProblems(commonProblems)

/** The refusals that people can meet, by code. What order tells of one is what people see; inventory tells order. */
export const problems: Record<string, ContractProblem> = {
  ...anywhere,
  ...Object.fromEntries(
    [userApi, inventoryApi, orderApi]
      .flatMap((api) => Object.entries(contractProblems(api.problems)))
      .filter(([code]) => named.has(code)),
  ),
}

function contractProblems(kinds: Record<string, ProblemKind>): Record<string, ContractProblem> {
  return Object.fromEntries(
    Object.entries(kinds).map(([code, kind]) => [code, { ...kind, members: schemaOf(kind.members) }]),
  )
}

function isForPeople([, { access }]: [string, Operation]): boolean {
  return access === 'anyone' || 'session' in access
}

function operationOf([name, operation]: [string, Operation]): ContractOperation {
  const { detail, response } = operation
  const usual = response[usualStatusOf(operation)]
  return {
    name,
    summary: detail.summary,
    description: detail.description,
    method: operation.method,
    path: operation.path,
    needsSession: operation.access !== 'anyone',
    params: schemaOf(operation.params),
    query: schemaOf(operation.query),
    body: schemaOf(operation.body),
    takesPicture: operation.imageBodyBytesMax !== undefined,
    answer: answersPicture(operation) ? 'picture' : usual === nothing ? undefined : schemaOf(usual),
    mayBePending: response[202] !== undefined,
    takesKey: operation.idempotencyKey === true,
    ifMatch: operation.ifMatch,
    problems: operation.problems ?? [],
  }
}

/** Without what only TypeBox understands. */
function schemaOf(schema: object | undefined): Schema | undefined {
  return schema && JSON.parse(JSON.stringify(schema))
}
