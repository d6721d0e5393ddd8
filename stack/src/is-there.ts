import { stat } from 'node:fs/promises'
import { codeOf } from './stack-error.ts'

/** Whether there is a file or folder. Throws when that cannot be told, for example for want of a right. */
export async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    },
  )
}
