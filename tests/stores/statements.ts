/** A statement without its values: those with the same shape differ only in them, and in how many there are. */
export function shapeOf(statement: string): string {
  return statement
    .replaceAll(/x'[0-9a-f]*'/gi, '?')
    .replaceAll(/'(?:[^'\\]|\\.|'')*'/g, '?')
    .replaceAll(/\b\d+(\.\d+)?\b/g, '?')
    .replaceAll(/\((\?|null|now\(\?\)|default)(, ?(\?|null|now\(\?\)|default))*\)/gi, '(?)')
    .replaceAll(/(\(\?\))(, ?\(\?\))+/g, '(?)')
    .replaceAll(/(\(`\w+`\.`\w+` = \? and `\w+`\.`\w+` = \?\))( or \1)+/g, '$1')
}

/** Whether a statement finds rows, so that it matters how the database goes about it. */
export function findsRows(statement: string): boolean {
  return /^\s*\(?(select|update|delete)\b/i.test(statement) && !/@@|from dual|where false/i.test(statement)
}

/** Whether a statement locks what it finds, on behalf of other statements of its transaction. */
export function isLocking(statement: string): boolean {
  return /\bfor update\b/i.test(statement)
}

/** The tables that a statement names. */
export function tablesOf(statement: string): string[] {
  const named = [
    ...statement.replace(/\bfor update\b.*$/is, '').matchAll(/\b(?:from|join|update)\s+`?(\w+)`?/gi),
  ].map((match) => match[1] ?? '')
  return [...new Set(named)].filter((name) => name !== '' && name !== 'select')
}
