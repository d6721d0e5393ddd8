import type { AnyElysia } from 'elysia'

/*
 * The one place that knows which runtime this is. Bun serves through Elysia's own adapter; Deno has no such
 * adapter, so its server is given Elysia's fetch function.
 */

type DenoConnection = { remoteAddr: { hostname: string } }
type DenoServer = { addr: { port: number }; shutdown(): Promise<void> }
type DenoRuntime = {
  serve(
    options: { port: number; hostname: string; onListen(): void },
    fetch: (request: Request, connection: DenoConnection) => Response | Promise<Response>,
  ): DenoServer
}

/**
 * For so long a client may send nothing in the middle of his headers, or leave a connection unused. Deno has no such
 * limit: there a proxy in front must set it.
 */
const SILENCE_SECONDS_MAX = 10
/** The waits that our own limits allow add up to less. A connection may then be unused for as long. */
const HANDLING_SECONDS_MAX = 30

const addresses = new WeakMap<Request, string>()

/** A service, whatever its routes are. */
export type App = AnyElysia

/** A listening service. `stop` refuses new requests and waits for those being answered. */
export type Listening = { port: number; stop: () => Promise<void> }

/** Listens on the address; port 0 takes any free one. */
export async function listen(app: AnyElysia, address: { host: string; port: number }): Promise<Listening> {
  const deno = denoRuntime()
  if (deno) {
    const server = deno.serve(
      { port: address.port, hostname: address.host, onListen: () => undefined },
      (request, { remoteAddr }) => {
        addresses.set(request, remoteAddr.hostname)
        return app.fetch(request)
      },
    )
    return { port: server.addr.port, stop: () => stopped(server.shutdown()) }
  }
  // Elysia would share a port that is taken with whoever has it, who then gets half of the requests.
  app.listen({
    port: address.port,
    hostname: address.host,
    idleTimeout: SILENCE_SECONDS_MAX,
    reusePort: false,
    // Bun's own page about an error shows the source; nothing should get that far, and if it does it stays inside.
    development: false,
  })
  return { port: app.server?.port ?? address.port, stop: () => stopped(app.stop()) }
}

/** Lets a request take its time, as handling it may take longer than a client may be silent. */
export function giveTime(request: Request, server: AnyElysia['server']): void {
  server?.timeout(request, HANDLING_SECONDS_MAX)
}

/** The address that a request came from, as its connection shows it; `unknown` when it came over none. */
export function addressOf(request: Request, server: AnyElysia['server']): string {
  return addresses.get(request) ?? server?.requestIP(request)?.address ?? 'unknown'
}

/** What is to be done after the last answer, such as its line in the log, is done on the next turn. */
async function stopped(stopping: Promise<unknown>): Promise<void> {
  await stopping
  await new Promise((resolve) => setImmediate(resolve))
}

function denoRuntime(): DenoRuntime | undefined {
  return 'Deno' in globalThis ? Reflect.get(globalThis, 'Deno') : undefined
}
