import { gc } from 'bun'

/* Loaded before a service: collects garbage all the time, so that its memory is what it holds and not what it left. */

const EVERY_MS = 5_000

setInterval(() => gc(true), EVERY_MS).unref()
