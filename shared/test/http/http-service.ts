import { Elysia, t } from 'elysia'
import { defineApi } from '../../api/operation.ts'
import { id, integer, line, nothing, picture, prose, reference } from '../../api/schema.ts'
import type { Guards } from '../../auth/admission.ts'
import { type FrameOptions, frame } from '../../http/frame.ts'
import { everyOperation } from '../../http/routes/every-operation.ts'
import { hooksOf } from '../../http/routes/hooks.ts'
import { operations } from '../../http/routes/operations.ts'
import { send } from '../../http/send.ts'
import { DependencyUnavailable, DomainError } from '../../problem.ts'
import type { Health } from '../../process/health.ts'
import { Reply } from '../../reply.ts'
import { createLog } from '../../telemetry/log.ts'
import { createMetrics } from '../../telemetry/metrics.ts'

/*
 * A small service that exists for the tests of the HTTP frame alone. It goes wrong in every way a handler can.
 */

/** What a fault says inside; no client may ever see it. */
export const SECRET = 'select * from users where email = ada@example.com'
/** The session that the buyer of these tests has. */
export const BUYER_SESSION = 'buyer-session-of-the-http-tests'
/** The API key of the service of these tests. */
export const KEY = 'bzk_test_0123456789abcdef_of-the-http-tests'
/** The origin of the web page that may call. */
export const PAGE_ORIGIN = 'http://localhost:4002'

const note = t.Object({
  text: line({ maxLength: 20 }),
  count: integer({ minimum: 1, maximum: 9 }),
  sign: t.Optional(line({ minLength: 2, maxLength: 9 })),
  author: t.Object({ name: line({ maxLength: 20 }) }),
  tags: t.Optional(t.Array(prose({ maxLength: 10 }), { maxItems: 3 })),
  colours: t.Optional(t.Record(t.String({ pattern: '^[a-z]{1,8}$' }), t.String())),
})
const noteId = t.Object({ noteId: id('The note') })

const notesApi = defineApi({
  service: 'notes',
  title: 'Notes',
  description: 'A service for tests.',
  operations: {
    readNote: {
      method: 'GET',
      path: '/notes/:noteId',
      detail: { tags: ['Notes'], summary: 'Read' },
      access: 'anyone',
      params: noteId,
      response: { 200: t.Object({ text: t.String(), id: id('The note') }) },
    },
    listNotes: {
      method: 'GET',
      path: '/notes',
      detail: { tags: ['Notes'], summary: 'List' },
      access: 'anyone',
      query: t.Object({
        sort: t.Optional(t.String({ pattern: '^(up|down)$' })),
        q: t.Optional(reference({ maxLength: 5 })),
        limit: t.Optional(t.String({ pattern: '^[1-9]$' })),
      }),
      response: { 200: t.Object({ items: t.Array(t.String()) }) },
    },
    writeNote: {
      method: 'POST',
      path: '/notes',
      detail: { tags: ['Notes'], summary: 'Write' },
      access: 'anyone',
      body: note,
      response: { 201: note },
      problems: ['too-gloomy'],
    },
    changeNote: {
      method: 'PUT',
      path: '/notes/:noteId',
      detail: { tags: ['Notes'], summary: 'Change' },
      access: { session: 'BUYER', others: 'have-their-own' },
      params: noteId,
      body: t.Object({ text: t.String() }),
      idempotencyKey: true,
      ifMatch: 'required',
      response: { 200: t.Object({ versions: t.Array(t.Number()), any: t.Boolean(), key: t.String() }) },
    },
    deleteNote: {
      method: 'DELETE',
      path: '/notes/:noteId',
      detail: { tags: ['Notes'], summary: 'Delete' },
      access: { session: 'any', others: 'have-their-own' },
      params: noteId,
      response: { 204: nothing },
    },
    sealNote: {
      method: 'POST',
      path: '/notes/:noteId/seal',
      detail: { tags: ['Notes'], summary: 'Seal' },
      access: { key: 'notes:seal' },
      params: noteId,
      response: { 204: nothing },
    },
    readPicture: {
      method: 'GET',
      path: '/pictures/:noteId',
      detail: { tags: ['Pictures'], summary: 'View' },
      access: 'anyone',
      params: noteId,
      response: { 200: picture },
    },
    addPicture: {
      method: 'POST',
      path: '/pictures',
      detail: { tags: ['Pictures'], summary: 'Add' },
      access: 'anyone',
      imageBodyBytesMax: 100_000,
      response: { 201: t.Object({ bytes: t.Number() }) },
    },
    failToRead: {
      method: 'GET',
      path: '/failures',
      detail: { tags: ['Failures'], summary: 'Fail when the ETag is known already' },
      access: 'anyone',
      response: { 200: t.Object({ fine: t.Boolean() }) },
    },
    fail: {
      method: 'POST',
      path: '/failures/:kind',
      detail: { tags: ['Failures'], summary: 'Fail' },
      access: 'anyone',
      params: t.Object({ kind: t.String() }),
      response: { 200: t.Object({ fine: t.Boolean(), inner: t.Optional(t.Object({})) }) },
    },
  },
  problems: {
    'too-gloomy': { status: 409, title: 'The note is too gloomy' },
  },
})

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function routes() {
  const notes = hooksOf(notesApi)
  return new Elysia()
    .use(operations)
    .get(
      '/notes/:noteId',
      ({ params, set }) => {
        Object.assign(set.headers, { etag: '"7"', 'cache-control': 'max-age=60' })
        return { text: 'hello', id: params.noteId }
      },
      notes.readNote,
    )
    .get('/notes', () => ({ items: [] }), notes.listNotes)
    .post('/notes', ({ body }) => write(body), notes.writeNote)
    .put(
      '/notes/:noteId',
      ({ ifMatch, key }) => ({
        versions: ifMatch === 'any' ? [] : [...ifMatch],
        any: ifMatch === 'any',
        key,
      }),
      notes.changeNote,
    )
    .delete('/notes/:noteId', () => undefined, notes.deleteNote)
    .post('/notes/:noteId/seal', async () => undefined, notes.sealNote)
    .get(
      '/pictures/:noteId',
      ({ set }) => send(set, new Reply(PNG, { headers: { 'content-type': 'image/webp', etag: '"p"' } })),
      notes.readPicture,
    )
    .post('/pictures', ({ body }) => ({ bytes: body.file.size }), notes.addPicture)
    .get(
      '/failures',
      ({ set }) => {
        set.headers.etag = '"7"'
        return fail('wrong-type')
      },
      notes.failToRead,
    )
    .post('/failures/:kind', async ({ params }) => fail(params.kind), notes.fail)
}

function write<Note extends { text: string }>(note: Note): Note {
  if (note.text === 'gloom')
    throw new DomainError('too-gloomy', 'Write something brighter', {
      errors: [{ pointer: '/text', code: 'gloomy' }],
      retryAfterSeconds: 3,
      members: { sunsets: 0 },
    })
  return note
}

function fail(kind: string): { fine: boolean } {
  switch (kind) {
    case 'error':
      throw new Error(SECRET)
    case 'text':
      throw SECRET
    case 'nothing-thrown':
      throw undefined
    case 'answer-thrown':
      throw new Response(SECRET)
    case 'unlisted-code':
      throw new DomainError('nobody-declared-this', SECRET)
    case 'unavailable':
      throw new DependencyUnavailable('mysql', { cause: new Error(SECRET), retryAfterSeconds: 2 })
    case 'wrong-type':
      return JSON.parse(`{"fine":"${SECRET}"}`)
    case 'missing-field':
      return JSON.parse('{}')
    case 'extra-field':
      return JSON.parse(`{"fine":true,"secret":"${SECRET}"}`)
    case 'extra-nested-field':
      return JSON.parse(`{"fine":true,"inner":{"secret":"${SECRET}"}}`)
    case 'nothing':
      return JSON.parse('null')
    default:
      return { fine: true }
  }
}

const session = { sessionId: 's', createdAt: new Date(0), expiresAt: new Date(9e15), token: BUYER_SESSION }
const guards: Guards = {
  session: async (token) => {
    if (token === 'redis-is-away-today') throw new DependencyUnavailable('redis')
    return token === BUYER_SESSION ? { ...session, userId: 'ada', userType: 'BUYER' } : undefined
  },
  key: async (key) =>
    key === KEY
      ? { caller: 'printer', publicId: '0123456789abcdef', scopes: ['notes:seal'] }
      : key === `${KEY}-weak`
        ? { caller: 'weakling', publicId: '0123456789abcdee', scopes: [] }
        : undefined,
}

/** The service, with what it logs and what its health rests on. */
export function createNotes(options: Partial<FrameOptions> = {}) {
  const lines: string[] = []
  const log = createLog({ service: 'notes', level: 'info' }, { write: (text) => void lines.push(text) })
  const health: Health = { checks: {}, background: {}, draining: false }
  const metrics = createMetrics('notes')
  const edge = { guards, health, metrics, log, corsOrigins: [PAGE_ORIGIN], ...options }
  const app = everyOperation(notesApi, frame(notesApi, edge).use(routes()))
  return { app, health, lines: () => lines.map((text): Record<string, unknown> => JSON.parse(text)) }
}
