import { DomainError } from '../../problem.ts'

/*
 * Strict JSON: input that different parsers would read differently is refused. `JSON.parse` decides what is JSON at
 * all. Then one pass over the text finds what it accepts silently: names that appear twice in an object, and numbers
 * that lose precision.
 */

const DEPTH_MAX = 16
const POINTER_NAME_MAX = 64
/** A string, a number or a bracket; anything in between does not matter. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[{}[\],]/g
/** More digits than any number of ours has, and more than every parser keeps. */
const DIGITS_MAX = 15

type Level = { names: Set<string> | undefined; name: string; index: number; awaitsName: boolean }

/**
 * Reads JSON that means the same to every parser.
 * @throws {DomainError} malformed-json or validation-failed, naming the place and never the value.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const detail = text === '' ? 'A JSON body is required' : 'The body is not JSON in UTF-8'
    throw new DomainError('malformed-json', detail, { cause })
  }
  const levels: Level[] = []
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    switch (token) {
      case '{':
      case '[':
        if (levels.length >= DEPTH_MAX)
          throw new DomainError('malformed-json', `The body is nested more than ${DEPTH_MAX} levels deep`)
        levels.push({
          names: token === '{' ? new Set() : undefined,
          name: '',
          index: 0,
          awaitsName: token === '{',
        })
        break
      case '}':
      case ']':
        levels.pop()
        break
      case ',':
        if (level) {
          level.index += 1
          level.awaitsName = level.names !== undefined
        }
        break
      default:
        if (token.startsWith('"')) readString(token, levels)
        else if (!isExact(token)) throw refusedAt(levels, 'number-not-exact')
    }
  }
  return value
}

function readString(token: string, levels: Level[]): void {
  const level = levels.at(-1)
  const text = token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1)
  const isUnstorable = text.includes('\u0000') || !text.isWellFormed()
  if (!level?.names || !level.awaitsName) {
    if (isUnstorable) throw refusedAt(levels, 'unstorable-text')
    return
  }
  const parents = levels.slice(0, -1)
  if (isUnstorable) throw refusedAt(parents, 'unstorable-text')
  if (level.names.has(text))
    throw new DomainError('malformed-json', 'A name appears twice in an object of the body', {
      errors: [{ pointer: pointerTo(parents), code: 'duplicate-key' }],
    })
  level.names.add(text)
  level.name = text
  level.awaitsName = false
}

/** Whether every parser reads the number exactly as it is written. */
function isExact(token: string): boolean {
  const digits = token
    .replace(/[eE].*$/, '')
    .replaceAll(/[^0-9]/g, '')
    .replace(/^0+/, '')
  const value = Number(token)
  if (digits.length > DIGITS_MAX || !Number.isFinite(value)) return false
  return value !== 0 || digits === ''
}

function refusedAt(levels: readonly Level[], code: string): DomainError {
  return new DomainError('validation-failed', '1 field is not valid', {
    errors: [{ pointer: pointerTo(levels), code }],
  })
}

function pointerTo(levels: readonly Level[]): string {
  return levels
    .map(({ names, name, index }) =>
      names ? `/${name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, POINTER_NAME_MAX)}` : `/${index}`,
    )
    .join('')
}
