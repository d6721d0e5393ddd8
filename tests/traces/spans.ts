import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ReceivedSpan, spansIn } from '@bazaar/shared/testing/collector'
import { logsFolder } from '../security/system/stack.ts'

/** Every span that the services of the stack have sent so far. */
export async function sentSpans(): Promise<ReceivedSpan[]> {
  const text = await readFile(join(logsFolder, 'spans.jsonl'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => spansIn(line))
}

/** A span and those that it caused, by when they began. */
export type Branch = { span: ReceivedSpan; caused: Branch[] }

/** Those of a trace whose cause is not among them: one when it is whole, more while a service has yet to send some. */
export function beginningsOf(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const isKnown = new Set(spans.map(({ spanId }) => spanId))
  return spans.filter(({ parentSpanId }) => !parentSpanId || !isKnown.has(parentSpanId))
}

/**
 * The spans of one trace as a tree.
 * @throws {Error} when a span is missing among them: there is more than one beginning.
 */
export function treeOf(spans: readonly ReceivedSpan[]): Branch {
  const begins = beginningsOf(spans)
  const [first, ...others] = begins
  if (!first || others.length > 0)
    throw new Error(`a trace begins once, but this one with ${begins.map(({ name }) => name).join(', ')}`)
  return branchOf(first, spans)
}

function branchOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): Branch {
  const caused = spans
    .filter(({ parentSpanId }) => parentSpanId === span.spanId)
    .sort((one, other) => Number(one.startedAtNanos - other.startedAtNanos))
  return { span, caused: caused.map((one) => branchOf(one, spans)) }
}

/** The spans from the beginning of a trace to one of them. */
export function wayTo(wanted: ReceivedSpan, spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const parent = spans.find(({ spanId }) => spanId === wanted.parentSpanId)
  return parent ? [...wayTo(parent, spans), wanted] : [wanted]
}
