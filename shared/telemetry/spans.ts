/*
 * The places where work is shown as spans. Without a collector nothing is: the work is run, and OpenTelemetry is not
 * even loaded (opentelemetry.ts). What a span says is chosen here, word by word. No path, statement, key, body or error
 * text gets into one, because those hold what people wrote.
 */

/** What a span says about its work: names and numbers, never a value that somebody sent. */
export type Attributes = Record<string, string | number>

/** A span: its name, its part in a conversation and what it says, by OpenTelemetry's semantic conventions. */
export type SpanDescription = {
  name: string
  kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal'
  attributes?: Attributes
  /**
   * The traceparent of what caused the work elsewhere; null begins a trace. When it is left out, the work belongs to
   * the span around it, and without one there is no span: the relay alone asks the database twice a second.
   */
  cause?: string | null | undefined
}

/** What OpenTelemetry does for us, once it is loaded. */
export type Spans = {
  run: <T>(description: SpanDescription, work: () => Promise<T>) => Promise<T>
  note: (attributes: Attributes, name?: string) => void
  traceparent: () => string | undefined
}

let spans: Spans | undefined

/** Shows work as spans from now on; `undefined` ends that. */
export function useSpans(chosen: Spans | undefined): void {
  spans = chosen
}

/**
 * Runs work as a span. It has failed if the work throws, or notes an `error.type`. Nothing is described while there
 * are no spans, and there is no span for what is described as undefined.
 */
export function inSpan<T>(describe: () => SpanDescription | undefined, work: () => Promise<T>): Promise<T> {
  if (!spans) return work()
  const description = describe()
  return description ? spans.run(description, work) : work()
}

/** Adds to the span around this, for instance how the work ended; `name` renames it. */
export function noteInSpan(describe: () => { attributes: Attributes; name?: string }): void {
  if (!spans) return
  const { attributes, name } = describe()
  spans.note(attributes, name)
}

/** The trace context that the span around this passes on, if there is one. */
export function spanTraceparent(): string | undefined {
  return spans?.traceparent()
}

/** One piece of work that nobody waits for, as a trace of its own. Looking for work is none. */
export function asWork<T>(name: string, work: () => Promise<T>): Promise<T> {
  return inSpan(() => ({ name, kind: 'internal', cause: null }), work)
}
