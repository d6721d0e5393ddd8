import type { Form } from './form.ts'
import { ownPath } from './same-site.ts'

/** A form that could not be taken, because the session had ended: it goes through the log-in and is sent again after it. */
export type KeptForm = { path: string; entries: readonly (readonly [name: string, value: string])[] }

/** The form as a text for a hidden field. */
export function writeKeptForm(path: string, { entries }: Pick<Form, 'entries'>): string {
  return JSON.stringify({ path, entries })
}

/** The form that was kept; undefined when the text is none, or one for another site. */
export function readKeptForm(text: string): KeptForm | undefined {
  if (text === '') return undefined
  const { path, entries }: { path?: unknown; entries?: unknown } = parse(text)
  if (typeof path !== 'string' || ownPath(path) !== path || !Array.isArray(entries)) return undefined
  return entries.every(isEntry) ? { path, entries } : undefined
}

function parse(text: string): { path?: unknown; entries?: unknown } {
  try {
    const found: unknown = JSON.parse(text)
    return typeof found === 'object' && found !== null ? found : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

function isEntry(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
}
