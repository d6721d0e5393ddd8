import { join } from 'node:path'
import process from 'node:process'
import { type Collector, startCollector } from '@bazaar/shared/testing/collector'
import { stackPaths } from '../paths.ts'
import { type ServiceWatch, watchServices } from '../processes/service-watch.ts'
import type { StoreRow } from '../programs/store-rows.ts'
import { describeVersions } from '../programs/store-versions.ts'
import type { Progress } from '../progress.ts'
import { SERVICES } from '../servers/databases.ts'
import type { Runtime } from '../services/runtime.ts'
import { UNLIMITED } from '../services/unlimited.ts'
import { type Stack, startStack } from '../stack.ts'

/** How the names of the stacks begin that suites run on. */
export const STACK_PREFIX = 'test-'
const TEST_ENVIRONMENT = {
  ...UNLIMITED,
  /** Passwords in tests are not worth more work than the least that the services accept. */
  BCRYPT_COST: '10',
  /** Nothing ends by itself while a test looks for what a request has changed. */
  RESERVATION_HOLD_SECONDS: '43200',
  SESSION_IDLE_SECONDS: '43200',
}

/** A stack for suites, and what was seen of its services. */
export type Running = {
  stack: Stack
  row: StoreRow | undefined
  watch: ServiceWatch
  /** What receives its spans, if anything does. */
  collector: Collector | undefined
}

/** Starts a stack for suites, whose services send their spans to a collector if that is wanted. */
export async function startForSuites(
  row: StoreRow | undefined,
  {
    runtime,
    withCollector,
    progress,
    signal,
  }: { runtime: Runtime['kind']; withCollector: boolean; progress: Progress; signal: AbortSignal },
): Promise<Running> {
  const watch = watchServices()
  const name = `${STACK_PREFIX}${process.pid}`
  // Beside the logs, where the tests look for what must not be said.
  const file = join(stackPaths(name).logs, 'spans.jsonl')
  const collector = withCollector ? await startCollector({ file }) : undefined
  try {
    const stack = await startStack({
      name,
      runtime,
      environment: { ...TEST_ENVIRONMENT, ...(collector && spansTo(collector)) },
      ...(row && { row }),
      progress,
      onEvent: watch.onEvent,
      signal,
    })
    console.log(`Stores: ${describeVersions(stack.versions)}`)
    return { stack, row, watch, collector }
  } catch (error) {
    await collector?.close()
    throw error
  }
}

function spansTo({ url }: Collector): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_BSP_MAX_QUEUE_SIZE: '100000',
  }
}

/** What a suite is told of the stack that it runs on. */
export function stackVariables(stack: Stack): Record<string, string> {
  return {
    TEST_MYSQL_URL: stack.adminUrls.mysql,
    TEST_REDIS_URL: stack.adminUrls.redis,
    TEST_RABBITMQ_URL: stack.adminUrls.rabbitmq,
    BAZAAR_IAM_URL: stack.urls.iam,
    BAZAAR_USER_URL: stack.urls.user,
    BAZAAR_INVENTORY_URL: stack.urls.inventory,
    BAZAAR_ORDER_URL: stack.urls.order,
    BAZAAR_ENVIRONMENTS: JSON.stringify(
      Object.fromEntries(SERVICES.map((service) => [service, stack.environmentOf(service)])),
    ),
    BAZAAR_LOGS: stack.paths.logs,
    BAZAAR_STORES_FOLDER: stack.paths.stores,
  }
}
