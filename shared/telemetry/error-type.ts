const WORD = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/
const CAUSES_MAX = 3

/** The kind of an error for `error.type`: the first code among it and its causes, else its name. Never its message. */
export function errorTypeOf(error: unknown): string {
  let one = error
  for (let depth = 0; one instanceof Error && depth <= CAUSES_MAX; depth++) {
    const code: unknown = Reflect.get(one, 'code')
    if (typeof code === 'string' && WORD.test(code)) return code
    one = one.cause
  }
  return error instanceof Error && WORD.test(error.name) ? error.name : 'unknown'
}
