import type { InventoryApi, OrderApi, UserApi } from './api.ts'
import { type Caller, call } from './call.ts'
import type { OperationRow } from './operation-row.ts'
import { operations } from './operations.ts'
import { eachEntry, type Page } from './pages.ts'
import type { Input, Options } from './request.ts'
import type { Answer } from './send.ts'
import { memoryStore, type SessionStore } from './session-store.ts'
import type { Fetch } from './upload.ts'

export type * from './api.ts'
export {
  type FieldError,
  type Problem,
  type ProblemCode,
  ProblemError,
  type ProblemOf,
  problemOf,
  UnreachableError,
} from './problem.ts'
export { newKey } from './request.ts'
export type { Answer } from './send.ts'
export { memoryStore, type SessionStore } from './session-store.ts'
export type { Fetch, Progress } from './upload.ts'

/** What is known of an operation, in the generated types. */
type AnyOperation = { input: object; body: unknown; takes: string; needs?: string; item?: unknown }

/** What calls of this operation can be told besides their input. */
export type OptionsOf<O extends AnyOperation> = Pick<Options, 'signal' | 'timeoutMs' | 'headers'> &
  Pick<Options, O['takes'] & keyof Options> &
  (O extends { needs: infer Name extends keyof Options }
    ? { [N in Name]-?: Exclude<Options[N], undefined> }
    : unknown)

type ArgumentsOf<O extends AnyOperation> = O extends { needs: string }
  ? [input: O['input'], options: OptionsOf<O>]
  : Record<never, never> extends O['input']
    ? [input?: O['input'], options?: OptionsOf<O>]
    : [input: O['input'], options?: OptionsOf<O>]

type Paged<O extends AnyOperation> = O extends { item: infer Item }
  ? {
      /** Every entry of the list; a page is requested when its first entry is reached. */
      each: (...given: ArgumentsOf<O>) => AsyncGenerator<Item, void, undefined>
    }
  : unknown

/** The operations of a service as functions. */
export type Service<Api extends Record<keyof Api, AnyOperation>> = {
  [Name in keyof Api]: ((...given: ArgumentsOf<Api[Name]>) => Promise<Answer<Api[Name]['body']>>) &
    Paged<Api[Name]>
}

/** The addresses of the services, each with the path prefix of a gateway if there is one. */
export type BaseUrls = { user: string; inventory: string; order: string }

/** How a client is set up. */
export type BazaarOptions = {
  baseUrls: BaseUrls
  /** Where the session is kept; in memory when not given. */
  session?: SessionStore
  /** For one attempt; 30,000 ms when not given. */
  timeoutMs?: number
  /** How often a repeatable request is sent at most; 4 times when not given. */
  attemptsMax?: number
  /** The longest `Retry-After` that the client waits for; 30 s when not given. A longer one fails the call at once. */
  retryAfterMaxSeconds?: number
  /** Sends the requests; the `fetch` of this runtime when not given. */
  fetch?: Fetch
}

/** A client of a marketplace. */
export type Bazaar = {
  user: Service<UserApi>
  inventory: Service<InventoryApi>
  order: Service<OrderApi>
  /** The address of a picture, from the `imageUrl` of a product or the `url` of a picture. */
  imageUrl: (path: string) => string
}

const TIMEOUT_MS = 30_000
const ATTEMPTS_MAX = 4
const RETRY_AFTER_MAX_SECONDS = 30

/** Makes a client of a marketplace, for one person at a time: a log-in holds for all of its calls. */
export function createBazaar(options: BazaarOptions): Bazaar {
  const { baseUrls } = options
  const shared: Omit<Caller, 'baseUrl'> = {
    session: options.session ?? memoryStore(),
    fetch: options.fetch ?? ((url, request) => fetch(url, request)),
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    limits: {
      attemptsMax: options.attemptsMax ?? ATTEMPTS_MAX,
      retryAfterMaxSeconds: options.retryAfterMaxSeconds ?? RETRY_AFTER_MAX_SECONDS,
    },
  }
  const service = <Api extends Record<keyof Api, AnyOperation>>(name: keyof BaseUrls) =>
    serviceOf<Api>(operations[name], { ...shared, baseUrl: baseUrls[name] })
  return {
    user: service<UserApi>('user'),
    inventory: service<InventoryApi>('inventory'),
    order: service<OrderApi>('order'),
    imageUrl: (path) => `${baseUrls.inventory.replace(/\/+$/, '')}${path}`,
  }
}

const DEFAULT_PORT_BASE = 4_000

/** Where the services of `./bazaar start` are: on this machine, on the ports after `portBase`. */
export function localServices({ host = 'localhost', portBase = DEFAULT_PORT_BASE } = {}): BaseUrls {
  const at = (offset: number) => `http://${host}:${portBase + offset}`
  return { user: at(2), inventory: at(3), order: at(4) }
}

function serviceOf<Api extends Record<keyof Api, AnyOperation>>(
  rows: Record<string, OperationRow>,
  caller: Caller,
): Service<Api> {
  const functions = Object.entries(rows).map(([name, row]) => {
    const ask = (input: Input = {}, options: Options = {}) => call(caller, row, { input, options })
    const each = (input: Input = {}, options: Options = {}) =>
      eachEntry(async (cursor) => (await ask({ ...input, ...cursor }, options)).body as Page)
    return [name, row.isPaged ? Object.assign(ask, { each }) : ask]
  })
  // The table and the types were generated from the same declarations, and the services check their answers by them.
  return Object.fromEntries(functions) as Service<Api>
}
