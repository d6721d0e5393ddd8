import { FormatRegistry } from '@sinclair/typebox'
import { holdsCardNumber } from './card-number.ts'

/** What is wrong with a text that somebody wrote freely, in the words that clients see. */
export type TextFault = 'card-number' | 'shows-nothing' | 'breaks-line' | 'changes-direction'

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
const kinds: Readonly<Record<string, (text: string) => TextFault | undefined>> = {
  'free-line': (text) => faultOfLine(text) ?? cardFault(text),
  'free-reference': faultOfLine,
  'free-prose': (text) => (DIRECTION.test(text) ? 'changes-direction' : cardFault(text)),
}

for (const [format, faultOf] of Object.entries(kinds)) FormatRegistry.Set(format, (text) => !faultOf(text))

/** What is wrong with a text that does not have the format; undefined when it is not a format of free text. */
export function textFault(format: unknown, text: unknown): TextFault | undefined {
  return typeof format === 'string' && typeof text === 'string' ? kinds[format]?.(text) : undefined
}

function faultOfLine(text: string): TextFault | undefined {
  if (LINE_BREAK.test(text)) return 'breaks-line'
  if (DIRECTION.test(text)) return 'changes-direction'
  return UNSEEN.test(text) ? 'shows-nothing' : undefined
}

function cardFault(text: string): TextFault | undefined {
  return holdsCardNumber(text) ? 'card-number' : undefined
}
