import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('in-root.sh', import.meta.url))

/**
 * The command that runs a program in its folder: plainly for one of this machine, or inside the root in which it is
 * installed. In both cases the started process becomes the program.
 */
export function inRoot(
  root: string | undefined,
  { folder, command }: { folder: string; command: readonly [string, ...string[]] },
): readonly [string, ...string[]] {
  if (root === undefined) return command
  return ['unshare', '--mount', '--propagation', 'private', '/bin/sh', SCRIPT, root, folder, ...command]
}
