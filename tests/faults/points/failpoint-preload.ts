import { failpoint } from './failpoint.ts'

/* Loaded before a service (`bun --preload`), so that the points planted in its source find what they call. */

Object.assign(globalThis, { failpoint })
