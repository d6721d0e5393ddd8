import { FormatRegistry } from '@sinclair/typebox'
import { holdsCardNumber } from './card-number.ts'

/**
 * The format of what people write freely. Nobody's card number is kept in it: what is not there cannot be stolen.
 * It is demanded of what comes in, and not of what was stored before.
 */
export const FREE_TEXT = 'free-text'
FormatRegistry.Set(FREE_TEXT, (text) => !holdsCardNumber(text))
