import { type ChildProcess, spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/*
 * Runs a service from its own folder, and starts it again whenever its source or that of `shared` changes. `bun --watch`
 * looks at files: of one that is replaced rather than written (`sed -i`, `git checkout`, editors that save by renaming)
 * it sees neither that nor any later edit. Folders stay, so here they are what is watched.
 */

/** One edit is often several changes to a folder. */
const SETTLES_WITHIN_MS = 100
const SOURCE = /\.(ts|json|txt)$/
const NOT_LOADED = /(^|\/)(node_modules|test|testing)\/|\.test\.ts$/

/** The service as it runs now, and whether it is to run again once it has ended. */
let service: ChildProcess
let again = false
let isStopping = false
let settling: ReturnType<typeof setTimeout> | undefined

function start(): void {
  again = false
  service = spawn(process.execPath, ['src/main.ts'], { stdio: 'inherit' })
  service.once('exit', (status) => {
    if (isStopping) process.exit(status ?? 0)
    // Otherwise it could not start, or has failed: the next edit may be what mends it.
    if (again) start()
  })
}

function hasService(): boolean {
  return service.exitCode === null && service.signalCode === null
}

function startAgain(): void {
  if (isStopping) return
  again = hasService()
  if (again) service.kill('SIGTERM')
  else start()
}

for (const folder of [resolve('src'), fileURLToPath(new URL('..', import.meta.url))]) {
  watch(folder, { recursive: true }, (_, file) => {
    if (!file || !SOURCE.test(file) || NOT_LOADED.test(file)) return
    clearTimeout(settling)
    settling = setTimeout(startAgain, SETTLES_WITHIN_MS)
  })
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    isStopping = true
    if (hasService()) service.kill(signal)
    else process.exit(0)
  })
}
start()
