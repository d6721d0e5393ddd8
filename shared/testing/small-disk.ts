import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A disk of a few megabytes, in memory. */
export type SmallDisk = { resize: (megabytes: number) => Promise<unknown>; unmount: () => Promise<unknown> }

/**
 * Puts a disk of so many megabytes under a folder.
 * @throws {Error} where only root may do that, or the system has no such disks.
 */
export async function mountSmallDisk(folder: string, megabytes: number): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true })
  const mount = (options: string) => run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  await mount(`size=${megabytes}m,mode=0700`).catch((cause: unknown) => {
    throw new Error('Cannot make a small disk: run this as root on Linux, where tmpfs can be mounted', {
      cause,
    })
  })
  return {
    resize: (size) => mount(`remount,size=${size}m`),
    unmount: () => run('umount', [folder]),
  }
}
