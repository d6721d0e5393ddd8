import { heapStats } from 'bun:jsc'
import { join } from 'node:path'
import process from 'node:process'
import { gc, serve } from 'bun'

/*
 * Loaded before a service: says what the service holds, at a socket that has the name of its port. Garbage is collected
 * before each answer, so that the figures are what the service holds and not what it has left lying.
 */

const { HELD_FOLDER: folder, PORT: port } = process.env

if (folder !== undefined && port !== undefined)
  serve({
    unix: join(folder, port),
    fetch() {
      gc(true)
      const { objectCount, heapSize } = heapStats()
      return Response.json({
        objects: objectCount,
        'heap bytes': heapSize,
        'resident bytes': process.memoryUsage.rss(),
      })
    },
  }).unref()
