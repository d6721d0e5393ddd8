import { spawn } from 'node:child_process'
import process from 'node:process'
import { repository } from '../folders.ts'

/** How a child process ended, and everything it wrote. */
export type Ended = { status: number; output: string }

/**
 * Runs a script of ours in a process of its own. Pact's native part writes whole pages to the output, is killed
 * with the process if it crashes, and asks an analytics host for its address unless told not to before it
 * starts: all of that is why it gets one. No proxy either, for everything it talks to is on this machine.
 */
export function runChild(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const { HTTP_PROXY: _1, HTTPS_PROXY: _2, http_proxy: _3, https_proxy: _4, ...inherited } = process.env
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...inherited, ...environment, PACT_DO_NOT_TRACK: 'true', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ status: code ?? 1, output }))
  })
}
