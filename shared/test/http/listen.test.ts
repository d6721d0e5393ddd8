import { expect, test } from 'bun:test'
import { once } from 'node:events'
import { createServer, request as requestTo } from 'node:http'
import { type Listening, listen } from '../../http/listen.ts'
import { createNotes } from './http-service.ts'

async function listening<T>(host: string, work: (server: Listening) => Promise<T>): Promise<T> {
  const server = await listen(createNotes().app, { host, port: 0 })
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

test('a service that listens on :: answers by both families of addresses', async () => {
  const statuses = await listening('::', async ({ port }) =>
    Promise.all(
      ['127.0.0.1', '[::1]'].map(async (address) => (await fetch(`http://${address}:${port}/notes`)).status),
    ),
  )
  expect(statuses).toEqual([200, 200])
})

test('the pages of a service lead to each other behind a proxy that puts a path in front', async () => {
  await listening('127.0.0.1', async ({ port }) => {
    const proxy = createServer((request, answer) => {
      const path = /^\/shop\/notes-service(\/.*)$/.exec(request.url ?? '')?.[1]
      if (path === undefined) return answer.writeHead(404).end()
      const asked = requestTo({ port, path, headers: { host: 'localhost' } }, (answered) => {
        answer.writeHead(answered.statusCode ?? 500, answered.headers)
        answered.pipe(answer)
      })
      return asked.end()
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const address = proxy.address()
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/shop/notes-service/`

    const page = await fetch(base)
    expect(page.url).toBe(`${base}docs`)
    const links = [...(await page.text()).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(3)
    const script = await (await fetch(`${base}docs/docs.js`)).text()
    const asked = [...links, /url: '([^']+)'/.exec(script)?.[1] ?? 'no document']
    const found = asked.map(async (link) => `${link} ${(await fetch(new URL(link, page.url))).status}`)
    expect(await Promise.all(found)).toEqual(asked.map((link) => `${link} 200`))
    proxy.close()
  })
})
