import { join } from 'node:path'
import { repositoryFolder } from '../paths.ts'
import type { ServiceName } from '../servers/databases.ts'

/** The services, and the shop beside them. */
type Program = ServiceName | 'shop'

/** The variables that a service reads from its environment, as its `.env.example` lists them. */
export const SERVICE_VARIABLES = {
  iam: ['PASSWORD_PEPPER', 'PASSWORD_PEPPER_PREVIOUS', 'BCRYPT_COST', 'BOOTSTRAP_API_KEY'],
  user: [
    'REDIS_URL',
    'RABBITMQ_URL',
    'IAM_URL',
    'IAM_API_KEY',
    'LINK_SECRET',
    'ORDER_URL',
    'INVENTORY_URL',
    'SESSION_IDLE_SECONDS',
    'SESSION_ABSOLUTE_SECONDS',
    'ATTEMPTS_PER_LOGIN_AND_ADDRESS',
    'ATTEMPTS_PER_LOGIN',
    'ATTEMPTS_PER_ADDRESS',
    'SMTP_URL',
    'LETTERS_FOLDER',
    'LETTERS_FROM',
    'SHOP_ORIGIN',
  ],
  inventory: [
    'REDIS_URL',
    'RABBITMQ_URL',
    'BOOTSTRAP_API_KEY',
    'RESERVATION_HOLD_SECONDS',
    'VERIFIED_EMAIL_FOR',
    'CURSOR_SECRET',
  ],
  order: [
    'REDIS_URL',
    'RABBITMQ_URL',
    'INVENTORY_URL',
    'INVENTORY_API_KEY',
    'USER_URL',
    'CURSOR_SECRET',
    'UNPAID_ORDERS_MAX',
  ],
  shop: [
    'USER_URL',
    'INVENTORY_URL',
    'ORDER_URL',
    'ORIGINS',
    'COOKIE_SECRET',
    'OPERATOR_KEY',
    'SERVICE_TIMEOUT_MS',
  ],
} as const satisfies Record<Program, readonly string[]>

/** What OpenTelemetry reads: where to send spans, and how. */
const SPAN_VARIABLES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
  'OTEL_EXPORTER_OTLP_TIMEOUT',
  'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
  'OTEL_EXPORTER_OTLP_COMPRESSION',
  'OTEL_EXPORTER_OTLP_TRACES_COMPRESSION',
  'OTEL_SDK_DISABLED',
  'OTEL_TRACES_EXPORTER',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_BSP_MAX_QUEUE_SIZE',
]

const COMMON_VARIABLES = [
  'HOST',
  'PORT',
  'DATABASE_URL',
  'DATABASE_POOL_MAX',
  'STOP_DELAY_MS',
  'LOG_LEVEL',
  'CORS_ORIGINS',
  'TRUSTED_PROXIES',
  'API_DOCS',
  'METRICS_TOKEN',
  'HSTS_SECONDS',
  'RATE_LIMIT_WINDOW_SECONDS',
  'RATE_LIMIT_PER_SESSION',
  'RATE_LIMIT_PER_ADDRESS',
  'RATE_LIMIT_PER_KEY',
  'ENVIRONMENT',
  ...SPAN_VARIABLES,
  // Of the libraries' own variables the one that makes a difference.
  'NODE_ENV',
]

/** The services with native code: bcrypt, and sharp for the pictures. */
const WITH_NATIVE_PARTS: readonly Program[] = ['iam', 'inventory']
/** The native parts read this file to find out which C library the system has. */
const LINKER_SCRIPT = '/usr/bin/ldd'

const packages = join(repositoryFolder, 'node_modules')
const docsPage = join(repositoryFolder, 'shared', 'http', 'docs')
/** Its style and its icon. */
const shopFiles = join(repositoryFolder, 'shop', 'src')
const commonPasswords = join(repositoryFolder, 'services', 'iam', 'src', 'common-passwords.txt')

/**
 * The permissions of a service under Deno, as options of `deno run`. It runs nothing, and writes nothing but letters. Its
 * environment says what it may reach: its own address, its stores and the other services that it calls.
 */
export function denoPermissions(service: Program, environment: Readonly<Record<string, string>>): string[] {
  const variables = new Set([...COMMON_VARIABLES, ...SERVICE_VARIABLES[service], ...Object.keys(environment)])
  const native = WITH_NATIVE_PARTS.includes(service)
  const letters = environment['LETTERS_FOLDER'] ? [environment['LETTERS_FOLDER']] : []
  const files = [
    ...letters,
    // The Swagger page comes from a package.
    packages,
    docsPage,
    ...(service === 'iam' ? [commonPasswords] : []),
    ...(service === 'shop' ? [shopFiles] : []),
    ...(native ? [LINKER_SCRIPT] : []),
  ]
  return [
    '--no-prompt',
    `--allow-net=${hostsOf(environment).join(',')}`,
    `--allow-env=${[...variables].join(',')}`,
    // A library that looks for any other variable finds it unset; without this it would fail.
    '--ignore-env',
    `--allow-read=${files.join(',')}`,
    ...letters.map((folder) => `--allow-write=${folder}`),
    ...(native ? [`--allow-ffi=${packages}`] : []),
    // The logging library asks for it when it is loaded.
    '--allow-sys=hostname',
  ]
}

/** The service's own address, and the hosts of all URLs that it is given; any port if the URL has none. */
function hostsOf(environment: Readonly<Record<string, string>>): string[] {
  const own = `${environment['HOST']}:${environment['PORT']}`
  const others = Object.entries(environment)
    .filter(([name]) => /_(URL|ENDPOINT)$/.test(name))
    .map(([, url]) => new URL(url).host)
  return [...new Set([own, ...others])]
}
