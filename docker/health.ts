import process from 'node:process'

/*
 * The HEALTHCHECK of the image: whether the process answers, or with `ready` as argument whether everything that it
 * needs does. Kubernetes has probes of its own and ignores this.
 */

const path = process.argv[2] === 'ready' ? 'ready' : 'live'
const port = process.env['PORT'] ?? '8080'
try {
  const answer = await fetch(`http://127.0.0.1:${port}/health/${path}`, {
    signal: AbortSignal.timeout(2_000),
  })
  process.exit(answer.ok ? 0 : 1)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
