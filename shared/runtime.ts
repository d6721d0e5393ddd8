import type { App } from './serve.ts'

/*
 * The one place that knows which runtime this is. Bun serves through Elysia's own adapter; Deno has no such
 * adapter, so its server is given Elysia's fetch function.
 */

type DenoServer = { addr: { port: number }; shutdown(): Promise<void> }
type DenoRuntime = {
  serve(
    options: { port: number; hostname: string; onListen(): void },
    fetch: (request: Request) => Response | Promise<Response>,
  ): DenoServer
}

/** A listening service. `stop` refuses new requests and waits for those being answered. */
export type Listening = { port: number; stop: () => Promise<void> }

/** Listens on the address; port 0 takes any free one. */
export async function listen(app: App, address: { host: string; port: number }): Promise<Listening> {
  const deno = denoRuntime()
  if (deno) {
    const server = deno.serve(
      { port: address.port, hostname: address.host, onListen: () => undefined },
      (request) => app.fetch(request),
    )
    return { port: server.addr.port, stop: () => server.shutdown() }
  }
  app.listen({ port: address.port, hostname: address.host, idleTimeout: 30 })
  return {
    port: app.server?.port ?? address.port,
    async stop() {
      await app.stop()
      // What is to be done after the last answer, such as its line in the log, is done on the next turn.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

function denoRuntime(): DenoRuntime | undefined {
  return 'Deno' in globalThis ? Reflect.get(globalThis, 'Deno') : undefined
}
