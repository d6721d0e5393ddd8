import process from 'node:process'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { LogOutput } from './log-output.ts'
import { type MessageCounters, messageCounters } from './message-counters.ts'

const MEMORY = 'process_resident_memory_bytes'
/** Gauges that the library names like counters. What they sum up is shown by kind beside them. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** The numbers of one service, in Prometheus' text format at `/metrics`. */
export type Metrics = {
  registry: Registry
  requestSeconds: Histogram<'operation' | 'status'>
  /** 1 or 0; see health.ts, which asks whenever the numbers are. */
  ready: Gauge
  /** Counts what must never happen; page somebody when it grows. */
  invariantViolations: Counter<'invariant'>
  /** Counts disagreements between two services about something that both know. */
  differences: Counter<'difference'>
  /** Counts transactions that ran again, by reason: see `retryReason`. */
  transactionRetries: Counter<'reason'>
  connectionsInUse: Gauge
  connectionWaitSeconds: Histogram
} & MessageCounters

/** Begins counting for a service. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  // The library reads this from /proc, which Deno hides from a service, and reports 0 if it cannot.
  for (const name of [MEMORY, ...MISNAMED]) registry.removeSingleMetric(name)
  new Gauge({
    name: MEMORY,
    help: 'Resident memory size in bytes',
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  return {
    registry,
    ...messageCounters(registry, service),
    ready: new Gauge({
      name: 'service_ready',
      help: 'Whether this instance can answer requests (1) or not (0)',
      registers: [registry],
    }),
    requestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to its answer',
      labelNames: ['operation', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [registry],
    }),
    invariantViolations: new Counter({
      name: 'invariant_violation_total',
      help: 'Changes rolled back because they would have broken an invariant',
      labelNames: ['invariant'],
      registers: [registry],
    }),
    differences: new Counter({
      name: 'reconciliation_differences_total',
      help: 'Differences found by comparing the records of services',
      labelNames: ['difference'],
      registers: [registry],
    }),
    transactionRetries: new Counter({
      name: 'transaction_retries_total',
      help: 'Transactions rolled back and run again',
      labelNames: ['reason'],
      registers: [registry],
    }),
    connectionsInUse: new Gauge({
      name: 'database_connections_in_use',
      help: 'Connections to the database with which something is being done',
      registers: [registry],
    }),
    connectionWaitSeconds: new Histogram({
      name: 'database_connection_wait_seconds',
      help: 'Time for which work waited for a connection of the pool',
      buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1],
      registers: [registry],
    }),
  }
}

/** Shows the number of log lines that are missing. */
export function countDroppedLines({ registry }: Metrics, output: LogOutput): void {
  new Counter({
    name: 'log_lines_dropped_total',
    help: 'Log lines left out because they could not be written',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(output.droppedLines())
    },
  })
}
