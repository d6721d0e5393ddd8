import { expect } from 'bun:test'
import { listen } from '../../http/listen.ts'
import { createNotes, SECRET } from './http-service.ts'

/** Stands for what somebody sent by mistake: it must not come back, whatever else is wrong. */
export const RECEIVED = 'received-value'

/** An answer that was read, with its body as JSON when it is some. */
export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> }

/** The service, and how to ask it; every answer is checked for the headers that all of them must carry. */
export type OpenNotes = ReturnType<typeof createNotes> & {
  ask: (path: string, init?: RequestInit) => Promise<Answer>
  close: () => Promise<void>
}

/** The two ways to reach a service: inside the process, and over a socket as everybody else does. */
export const WAYS = ['in process', 'over a socket'] as const

/** Opens the service in one of the two ways. */
export async function openNotes(
  way: (typeof WAYS)[number],
  options: Parameters<typeof createNotes>[0] = {},
): Promise<OpenNotes> {
  const notes = createNotes(options)
  const listening = way === 'in process' ? undefined : await listen(notes.app, { host: '127.0.0.1', port: 0 })
  return {
    ...notes,
    close: async () => listening?.stop(),
    ask: async (path, init) => {
      const answer = listening
        ? await fetch(`http://127.0.0.1:${listening.port}${path}`, { redirect: 'manual', ...init })
        : await notes.app.handle(new Request(`http://localhost${path}`, init))
      return await readAnswer(answer)
    },
  }
}

async function readAnswer(answer: Response): Promise<Answer> {
  const { status, headers } = answer
  const text = await answer.text()
  const body: unknown = headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : undefined
  const requestId = headers.get('x-request-id')
  expect(requestId).toMatch(/^[0-9a-f]{8}-/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('vary')).toBe('origin')
  expect(headers.has('cache-control')).toBe(true)
  expect(text).not.toContain(SECRET)
  if (status >= 400 && text) {
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({ status, title: expect.any(String), instance: `urn:uuid:${requestId}` })
  }
  return { status, headers, text, body: Object(body) }
}

/** A JSON body to send; text is sent as it is. */
export function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text }
}

/** Asks for something that must be refused in the given way, without telling back what was sent. */
export function refusalsBy(notes: () => OpenNotes) {
  return async (path: string, init: RequestInit | undefined, status: number, code: string) => {
    const answer = await notes().ask(path, init)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.text).not.toContain(RECEIVED)
    return answer
  }
}
