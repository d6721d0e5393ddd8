import { parse } from '@babel/parser'

/** A small mistake at one place of a source file. */
export type Mutant = {
  /** Where it is, for people. */
  line: number
  /** The function or constant that it is in. */
  within: string
  /** The text that is there, and what it becomes. */
  from: string
  to: string
  /** The whole source with the mistake in it. */
  source: string
}

/** A part of the source as the parser sees it; what is in it depends on its type. */
type Node = { type: string; start: number; end: number; [part: string]: unknown }
type Change = { start: number; end: number; to: string }

const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
}
const METHODS: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min' }

/**
 * Every small mistake that can be made in a source: another operator, a condition that always or never holds, a
 * statement left out, another number, word or truth value, an empty list. Types and what is said to people stay.
 */
export function mutantsOf(source: string): Mutant[] {
  const { program } = parse(source, { sourceType: 'module', plugins: ['typescript'] })
  return program.body.flatMap((statement) => {
    const within = NAME.exec(source.slice(statement.start ?? 0))?.[1] ?? ''
    return changesIn(statement, source).map(({ start, end, to }) => ({
      line: source.slice(0, start).split('\n').length,
      within,
      from: source.slice(start, end),
      to,
      source: source.slice(0, start) + to + source.slice(end),
    }))
  })
}

/** The name that a statement declares. */
const NAME = /^(?:export )?(?:async )?(?:function|const|let) (\w+)/

function changesIn(part: unknown, source: string): Change[] {
  if (Array.isArray(part)) return part.flatMap((one) => changesIn(one, source))
  if (!isNode(part) || isType(part)) return []
  return [...changesOf(part, source), ...childrenOf(part).flatMap((child) => changesIn(child, source))]
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'type' in part && 'start' in part
}

function isType({ type }: Node): boolean {
  return type === 'ImportDeclaration' || (type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(type))
}

/** What is inside, but for names of members and the sentence of a refusal. */
function childrenOf(node: Node): unknown[] {
  const { key, property, arguments: given, callee, ...parts } = node
  const isRefusal =
    node.type === 'NewExpression' && isNode(callee) && String(callee['name']).endsWith('Error')
  const args = Array.isArray(given) ? given.filter((_, index) => !(isRefusal && index === 1)) : []
  const computed = node['computed'] === true ? [key, property] : []
  return [...Object.values(parts), callee, ...computed, ...args]
}

function changesOf(node: Node, source: string): Change[] {
  const whole = (to: string): Change => ({ start: node.start, end: node.end, to })
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return operatorIn(node, source)
    case 'UnaryExpression':
      return node['operator'] === '!' ? [{ start: node.start, end: node.start + 1, to: '' }] : []
    case 'IfStatement':
    case 'ConditionalExpression': {
      const { test } = node
      if (!isNode(test)) return []
      return ['true', 'false'].map((to) => ({ start: test.start, end: test.end, to }))
    }
    case 'BooleanLiteral':
      return [whole(String(node['value'] !== true))]
    case 'NumericLiteral':
      return [whole(String(Number(node['value']) + 1))]
    case 'StringLiteral':
      return node['value'] === '' || String(node['value']).includes(' ') ? [] : [whole("''")]
    case 'ArrayExpression':
      return source.slice(node.start, node.end) === '[]' ? [] : [whole('[]')]
    case 'ExpressionStatement':
    case 'ThrowStatement':
      return [whole(';')]
    case 'MemberExpression': {
      const { property } = node
      const to = isNode(property) ? METHODS[String(property['name'])] : undefined
      return isNode(property) && to ? [{ start: property.start, end: property.end, to }] : []
    }
    default:
      return []
  }
}

function operatorIn({ left, right, operator }: Node, source: string): Change[] {
  const to = OPERATORS[String(operator)]
  if (!to || !isNode(left) || !isNode(right)) return []
  const start = source.indexOf(String(operator), left.end)
  return [{ start, end: start + String(operator).length, to }]
}
