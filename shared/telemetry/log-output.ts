import { type DestinationStream, destination } from 'pino'

/** Where a log is written, also while there is no room for it. */
export type LogOutput = DestinationStream & {
  /** How many lines were left out so far, because there was no room for them. */
  droppedLines: () => number
  /** Is called when there is room again. */
  onRecovered: (tell: () => void) => void
}

/**
 * Standard output, written at once: what is still being written when a process exits is lost, and the last line is the
 * one that says why it exits. On a full disk the process goes on without its log, and counts the lines that are missing.
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
    // Not from within the write that has just worked; and it may have been a part of a line that still has no room.
    setImmediate(() => {
      if (!failing) recovered()
    })
  })
  return {
    write(line) {
      // The stream keeps what it could not write, and tries that again with whatever it is given next.
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
