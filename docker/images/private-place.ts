import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { output } from './command.ts'

/** Where processes and mounts of their own live. */
export type PrivatePlace = {
  /** The command that runs another one inside. */
  enter: readonly string[]
  /** A folder that goes with the place. */
  folder: string
  /** Ends all that runs inside, takes off what is mounted there, and removes the folder. */
  close: () => Promise<void>
}

/**
 * Waits for the end of its input, which only the process that made the place holds: so it is done however that
 * ends. As the first process of the place it sees nothing but the others there. Control groups that are in use stay.
 */
const HOLD = `
echo there
read -r _
kill -KILL -1
awk -v folder="$0/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount --lazy
find /sys/fs/cgroup -depth -type d -path '*/libpod_parent/*' -exec rmdir {} +
rm -rf "$0"
`

/**
 * Makes a place whose processes and mounts are gone when this process is, however it ends. Needs root on Linux.
 * @throws {Error} when it may not.
 */
export async function makePrivatePlace(): Promise<PrivatePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-images-'))
  const spaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  const holder = spawn('unshare', [...spaces, 'sh', '-c', HOLD, folder], {
    // Ctrl-C ends all of a terminal, but not who is to clean up after it.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(holder, 'exit')
  const [there]: unknown[] = await Promise.race([once(holder.stdout, 'data'), ended])
  if (!String(there).startsWith('there')) throw new Error('Cannot make namespaces: it takes root on Linux')
  const first = await output(['cat', `/proc/${holder.pid}/task/${holder.pid}/children`])
  return {
    enter: ['nsenter', '--target', first.trim(), '--mount', '--pid', '--'],
    folder,
    close: async () => {
      holder.stdin.end()
      await ended
    },
  }
}
