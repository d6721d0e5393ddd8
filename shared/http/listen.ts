import type { AnyElysia } from 'elysia'

/*
 * The only file that knows which runtime this is. Bun serves through Elysia's own adapter. Deno has no such adapter,
 * so its server gets Elysia's fetch function.
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
 * The longest silence allowed in the middle of a client's headers or on an unused connection. Deno has no such limit,
 * so there a proxy in front must set it.
 */
const SILENCE_SECONDS_MAX = 10
/** Our own limits add up to less than this. An unused connection may then stay open just as long. */
const HANDLING_SECONDS_MAX = 30

const addresses = new WeakMap<Request, string>()

/** A service, with any routes. */
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
  // Otherwise Elysia would share a port that is taken, and each process would get half of the requests.
  app.listen({
    port: address.port,
    hostname: address.host,
    idleTimeout: SILENCE_SECONDS_MAX,
    reusePort: false,
    // Bun's own error page shows source code. No error should get this far, but if one does, it stays inside.
    development: false,
  })
  return { port: app.server?.port ?? address.port, stop: () => stopped(app.stop()) }
}

/** Lifts the silence limit for a request, because handling it may take longer than a client may be silent. */
export function giveTime(request: Request, server: AnyElysia['server']): void {
  server?.timeout(request, HANDLING_SECONDS_MAX)
}

/** The address that a request came from, as its connection shows it; `unknown` when there is none. */
export function addressOf(request: Request, server: AnyElysia['server']): string {
  return addresses.get(request) ?? server?.requestIP(request)?.address ?? 'unknown'
}

/** Work to do after the last answer, such as its log line, runs on the next turn of the event loop. */
async function stopped(stopping: Promise<unknown>): Promise<void> {
  await stopping
  await new Promise((resolve) => setImmediate(resolve))
}

function denoRuntime(): DenoRuntime | undefined {
  return 'Deno' in globalThis ? Reflect.get(globalThis, 'Deno') : undefined
}
