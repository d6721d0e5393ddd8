import process from 'node:process'
import { showProgress } from '@bazaar/stack/progress'
import { findRuntime } from '@bazaar/stack/services/runtime'
import { findNode } from '@bazaar/stack/suites/node-program'
import { run } from './installed.ts'

/** What runs programs of others, by name. */
export const RUNTIMES = ['Bun', 'Node', 'Deno'] as const
/** One of them. */
export type RuntimeName = (typeof RUNTIMES)[number]

/** Runs a program in its project, and answers what it wrote. */
export async function runWith(
  runtime: RuntimeName,
  program: { folder: string; file: string; environment?: Record<string, string> },
): Promise<string> {
  return await run([...(await commandOf(runtime)), program.file], program)
}

async function commandOf(runtime: RuntimeName): Promise<string[]> {
  switch (runtime) {
    case 'Bun':
      return [process.execPath, 'run']
    case 'Node':
      return [await findNode(showProgress())]
    case 'Deno': {
      const { program } = await findRuntime('deno', showProgress())
      // It writes nothing, asks nobody and takes its packages from where they were installed.
      return [program, 'run', '--no-prompt', '--cached-only', '--allow-net', '--allow-env', '--allow-read']
    }
  }
}
