import { heapStats } from 'bun:jsc'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { gc } from 'bun'

/*
 * Loaded before a service: collects garbage all the time, so that its memory is what it holds and not what it left, and
 * writes the number of its objects into a file that has the name of its port.
 */

const EVERY_MS = 5_000
const { OBJECTS_FOLDER: folder, PORT: port } = process.env

setInterval(() => {
  gc(true)
  if (folder === undefined || port === undefined) return
  const file = join(folder, port)
  writeFileSync(`${file}.new`, String(heapStats().objectCount))
  renameSync(`${file}.new`, file)
}, EVERY_MS).unref()
