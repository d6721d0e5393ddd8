import { type DestinationStream, destination } from 'pino'

/** A destination of the log that also copes with a full disk. */
export type LogOutput = DestinationStream & {
  /** The number of lines left out so far because there was no room. */
  droppedLines: () => number
  /** Is called when there is room again. */
  onRecovered: (tell: () => void) => void
}

/**
 * Standard output, written at once: a line still being written when a process exits is lost, and the last line is the
 * one that tells why it exits. On a full disk the process goes on without its log, and counts the missing lines.
 */
export function standardOutput(): LogOutput {
  const stream = destination({ dest: 1, sync: true })
  let dropped = 0
  let failing = false
  let recovered: () => void = () => undefined

  stream.on('error', () => {
    failing = true
  })
  stream.on('write', () => {
    if (!failing) return
    failing = false
    // Not from within the write that has just worked, because it may have been part of a line that still has no room.
    setImmediate(() => {
      if (!failing) recovered()
    })
  })
  return {
    write(line) {
      // The stream keeps the bytes it could not write, and tries them again with whatever it is given next.
      if (failing) stream.write('')
      if (failing) dropped += 1
      else stream.write(line)
    },
    droppedLines: () => dropped,
    onRecovered(tell) {
      recovered = tell
    },
  }
}
