/** A line of Prometheus' text format: name, labels or none, value. */
const SAMPLE = /^([a-z_:][a-z0-9_:]*)(?:\{.*\})? (\S+)$/i

/** The values of metrics in Prometheus' text format, by name, summed over their labels. */
export function readFigures(text: string): Record<string, number> {
  const figures: Record<string, number> = {}
  for (const line of text.split('\n')) {
    const [, name, value] = SAMPLE.exec(line) ?? []
    if (name !== undefined) figures[name] = (figures[name] ?? 0) + Number(value)
  }
  return figures
}
