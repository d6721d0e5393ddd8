import process from 'node:process'
import { showProgress } from '../progress.ts'
import { StackError } from '../stack-error.ts'
import { runSuites } from '../suites/run-suites.ts'
import { suites } from '../suites/suites.ts'
import { findRuntime } from './runtime.ts'

/*
 * `bun run check:deno`: Deno checks the types of the whole workspace; then the journeys run through the four services
 * under Deno, on a private stack.
 */

// A network proxy must not be used for servers on this machine.
process.env['NO_PROXY'] = ['127.0.0.1', 'localhost', process.env['NO_PROXY']].filter(Boolean).join(',')
process.env['no_proxy'] = process.env['NO_PROXY']

const progress = showProgress()
try {
  const deno = await findRuntime('deno', progress)
  progress.line(`With ${deno.program}`)
  const types = {
    command: [deno.program, 'check', '--quiet'],
    counts: 'the command',
    needs: 'nothing',
  } as const
  const journeys = suites.filter(({ name }) => name === 'journeys')
  process.exit(await runSuites([{ name: 'types', ...types }, ...journeys], { runtime: 'deno', progress }))
} catch (error) {
  if (!(error instanceof StackError)) throw error
  console.error(error.message)
  process.exit(1)
}
