import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const repository = fileURLToPath(new URL('..', import.meta.url))
/** What the consumers need now: written by their tests, committed, reviewed. */
export const pactsFolder = join(repository, 'contracts', 'pacts')
/** What runs in production: the pacts of its consumers, and what its providers were verified to keep. */
export const releasedFolder = join(repository, 'contracts', 'released')
/** What the last verification came to. Not committed: it is about the code as it is here. */
export const recordsFolder = join(repository, '.bazaar', 'contracts', 'records')
/** The document of all that people can do, whichever service does it. Committed, reviewed. */
export const joinedFile = join(repository, 'docs', 'openapi.json')
/** The documents of all services: `openapi` of what is asked, `asyncapi` of messages. Committed, reviewed. */
export const documentsFolder = join(repository, 'contracts')
