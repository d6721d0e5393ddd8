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

/**
 * The columns in the answer to a statement that have values in their names, because they are expressions without a name
 * of their own. mysql2 keeps a parser for each set of names, so every value would leave one behind.
 */
export function namedByValues(statement: string): string[] {
  return columnsOf(statement).filter((column) => /'/.test(column) && !/ as `?\w+`?$/i.test(column))
}

/** What a statement selects: the list up to its own `from`, which may hold statements with others. */
function columnsOf(statement: string): string[] {
  const [, list = ''] = /^\s*\(?select\b(.*)$/is.exec(statement) ?? []
  const columns = ['']
  let depth = 0
  for (const [part] of list.matchAll(/'(?:[^'\\]|\\.|'')*'|[(),]|\bfrom\b|[^'(),]/gis)) {
    if (depth === 0 && part.toLowerCase() === 'from') break
    if (part === '(') depth += 1
    if (part === ')') depth -= 1
    if (part === ',' && depth === 0) columns.push('')
    else columns.push(`${columns.pop()}${part}`)
  }
  return columns.map((column) => column.trim())
}
