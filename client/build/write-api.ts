import { anywhere, type ContractOperation, type ContractService, problems, services } from './contract.ts'
import { commentOf, membersOf, type NamedTypes, queryMembersOf, typeOf } from './write-type.ts'

const HEAD = '// Generated from shared/api by build/generate.ts; change it there.\n'

/** The file of plain types: what each operation takes and answers, and every problem. */
export function writeApi(): string {
  const named: NamedTypes = new Map()
  const apis = services.map((service) => writeService(service, named))
  const types = [...named].map(([name, text]) => `export type ${name} = ${text}\n`)
  return [HEAD, ...types, ...apis, writeProblems()].join('\n')
}

/** The table by which calls are made. */
export function writeOperations(): string {
  const tables = services.map(
    ({ name, operations }) =>
      `${name}: {\n${operations.map((one) => `${one.name}: ${rowOf(one)},`).join('\n')}\n},`,
  )
  return [
    HEAD,
    `import type { OperationRow } from './operation-row.ts'\n`,
    '/** How each operation is called. */',
    `export const operations = {\n${tables.join('\n')}\n} satisfies Record<string, Record<string, OperationRow>>\n`,
  ].join('\n')
}

function writeService({ name, operations }: ContractService, named: NamedTypes): string {
  const members = operations.map(
    (operation) =>
      `${commentOf(operation.summary, operation.description)}${operation.name}: {\n${aboutOf(operation, named).join('\n')}\n}`,
  )
  const title = `${name[0]?.toUpperCase()}${name.slice(1)}Api`
  return `/** What the ${name} service offers to people. */\nexport type ${title} = {\n${members.join('\n')}\n}\n`
}

function aboutOf(operation: ContractOperation, named: NamedTypes): string[] {
  const { answer } = operation
  const item = itemOf(operation)
  const input = inputOf(operation, named)
  return [
    `input: ${input.length === 0 ? 'Record<string, never>' : `{\n${input.join('\n')}\n}`}`,
    `body: ${answer === 'picture' ? 'Blob' : answer ? typeOf(answer, named) : 'undefined'}`,
    ...(item ? [`item: ${typeOf(item, named)}`] : []),
    `takes: ${oneOf(optionsOf(operation))}`,
    ...(operation.ifMatch === 'required' ? [`needs: 'ifMatch'`] : []),
    `problem: ${oneOf(operation.problems.filter((code) => !(code in anywhere)))}`,
  ]
}

/** Parameters of the path, query and body are one object: no operation has the same name twice. */
function inputOf(operation: ContractOperation, named: NamedTypes): string[] {
  const { params, query, body, takesPicture } = operation
  const parts = [params, query, body].filter((part) => part !== undefined)
  const names = parts.flatMap((part) => Object.keys(part.properties ?? {}))
  if (new Set(names).size < names.length || (query && (body || operation.method !== 'GET')))
    throw new Error(`Cannot tell apart what ${operation.name} takes: ${names}`)
  return [
    ...(params ? membersOf(params, named) : []),
    ...(query ? queryMembersOf(query, named) : []),
    ...(body ? membersOf(body, named) : []),
    ...(takesPicture
      ? ['/** The file: PNG, JPEG or WebP */\nimage: Blob | Uint8Array<ArrayBuffer> | ArrayBuffer']
      : []),
  ]
}

function optionsOf(operation: ContractOperation): string[] {
  return [
    ...(operation.takesKey ? ['idempotencyKey'] : []),
    ...(operation.mayBePending ? ['settleWithinMs'] : []),
    ...(operation.ifMatch === 'optional' ? ['ifMatch'] : []),
    ...(operation.takesPicture ? ['onProgress'] : []),
  ]
}

/** What a page of the list has, when it is one. */
function itemOf({ query, answer }: ContractOperation) {
  if (!query?.properties?.['cursor'] || answer === undefined || answer === 'picture') return undefined
  return answer.properties?.['next'] ? answer.properties['items']?.items : undefined
}

const SESSION_BEGINS = ['logIn']
const SESSION_ENDS = ['logOut', 'logOutEverywhere', 'closeAccount']

function rowOf(operation: ContractOperation): string {
  const { name, method, path } = operation
  return JSON.stringify({
    method,
    path,
    ...(operation.body ? { sends: 'json' } : operation.takesPicture ? { sends: 'picture' } : {}),
    ...(operation.answer === 'picture' ? { answersPicture: true } : {}),
    ...(operation.needsSession ? { needsSession: true } : {}),
    ...(operation.takesKey ? { takesKey: true } : {}),
    ...(itemOf(operation) ? { isPaged: true } : {}),
    ...(SESSION_BEGINS.includes(name) ? { session: 'begins' } : {}),
    ...(SESSION_ENDS.includes(name) ? { session: 'ends' } : {}),
  })
}

function writeProblems(): string {
  const all = Object.entries(problems).map(([code, { status, title, members }]) => {
    const more = members ? `\n${membersOf(members, new Map()).join('\n')}\n` : ''
    return `${commentOf(title)}'${code}': { status: ${status}${more} }`
  })
  return [
    '/** What each problem has besides what all have, by its code. */',
    `export type Problems = {\n${all.join('\n')}\n}\n`,
    '/** The problems that any call can meet. */',
    `export type CommonCode = ${oneOf(Object.keys(anywhere))}\n`,
  ].join('\n')
}

function oneOf(words: readonly string[]): string {
  return words.length === 0 ? 'never' : words.map((word) => `'${word}'`).join(' | ')
}
