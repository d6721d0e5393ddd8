import { Kind, type TSchema } from '@sinclair/typebox'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors'
import { TypeSystem } from '@sinclair/typebox/system'
import { holdsCardNumber } from './card-number.ts'

/** What is wrong with a text that somebody wrote freely, in the words that clients see. */
type WritingFault = 'card-number' | 'shows-nothing' | 'breaks-line' | 'changes-direction'

/** Line and paragraph separators, and the control characters beyond ASCII, one of which begins a new line. */
const LINE_BREAK = /[\u0080-\u009f\u2028\u2029]/
/** What turns the direction of all that follows: a name with it in can pass for another one, or garble a page. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/
/**
 * Nothing of these can be seen alone; a blank of Braille is a letter to Unicode. Whether a text may be empty is for its
 * schema to say.
 */
const UNSEEN = /^[\s\u2800\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]+$/u

/** What is as good as a blank at the ends of a text: nobody sees it, and it would sort before all others. */
const BLANK = String.raw`[\s\u00ad\u115f\u1160\u180e\u200b\u2060\u2800\u3164\ufeff\uffa0]`
const BLANK_ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, 'g')

/** A text without the blanks at its ends, also those that are no white space to a program. */
export function withoutBlankEnds(text: string): string {
  return text.replaceAll(BLANK_ENDS, '')
}

/**
 * The kinds of free text, and what is wrong with a text of each. Nobody's card number is kept in them: what is not there
 * cannot be stolen. It is demanded of what comes in, and not of what was stored before.
 */
const kinds: Readonly<Record<string, (text: string) => WritingFault | undefined>> = {
  'free-line': (text) => faultOfLine(text) ?? cardFault(text),
  'free-reference': faultOfLine,
  'free-prose': (text) => (DIRECTION.test(text) ? 'changes-direction' : cardFault(text)),
}

const TEXT = 'Text'
const textType = TypeSystem.Type<string, TSchema>(TEXT, (schema, value) => !faultIn(schema, value))

type TextOptions = {
  maxLength: number
  minLength?: number
  pattern?: string
  description?: string
  examples?: string[]
  [ours: `x-${string}`]: string
}

/**
 * Text of any script. Its length is counted in characters, as JSON Schema and the database count: TypeBox's own strings
 * count an emoji as two. Texts that a pattern keeps within ASCII can be either.
 */
export function text(options: TextOptions) {
  return textType({ ...options, type: 'string' })
}

type TextFault = { code: string; limit?: number }

/** What TypeBox found wrong with such a text, and the limit that it breaks; undefined when it is no fault of a text. */
export function textFault({ type, schema, value }: ValueError): TextFault | undefined {
  return type === ValueErrorType.Kind && schema[Kind] === TEXT ? faultIn(schema, value) : undefined
}

function faultIn(schema: TSchema, value: unknown): TextFault | undefined {
  if (typeof value !== 'string') return { code: 'type' }
  const { minLength = 0, maxLength, pattern = '', format } = schema
  const length = [...value].length
  if (length < minLength) return { code: 'min-length', limit: minLength }
  if (length > maxLength) return { code: 'max-length', limit: maxLength }
  if (!patternOf(pattern).test(value)) return { code: 'pattern' }
  const code = kinds[format]?.(value)
  return code ? { code } : undefined
}

const patterns = new Map<string, RegExp>()

function patternOf(source: string): RegExp {
  const pattern = patterns.get(source) ?? new RegExp(source)
  patterns.set(source, pattern)
  return pattern
}

function faultOfLine(text: string): WritingFault | undefined {
  if (LINE_BREAK.test(text)) return 'breaks-line'
  if (DIRECTION.test(text)) return 'changes-direction'
  return UNSEEN.test(text) ? 'shows-nothing' : undefined
}

function cardFault(text: string): WritingFault | undefined {
  return holdsCardNumber(text) ? 'card-number' : undefined
}
