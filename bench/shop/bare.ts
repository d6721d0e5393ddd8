import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page that does nothing but have the same bytes and the same pictures, which is the least that a browser needs. */
export type Bare = { url: string; close: () => void }

/** Starts a server of such a page for the page at `url`. */
export async function startBare(url: string): Promise<Bare> {
  const page = await (await fetch(url)).text()
  const style = /href="(\/assets\/style[^"]+)"/.exec(page)?.[1] ?? ''
  const bytes = Buffer.byteLength(page) + Buffer.byteLength(await (await fetch(url + style)).text())
  const sources = [
    ...new Set([...page.matchAll(/<img[^>]* src="(\/pictures[^"]+)"/g)].map(([, source = '']) => source)),
  ]
  const pictures = new Map<string, Buffer>()
  for (const source of sources) {
    const answer = await fetch(new URL(source.replaceAll('&amp;', '&'), url))
    pictures.set(source, Buffer.from(await answer.arrayBuffer()))
  }
  const shown = sources.map(
    (source) => `<img src="${source}" width="170" height="170" loading="lazy" alt="">`,
  )
  const around = `<!doctype html><html lang="en"><title>Bare</title><body>${shown.join('')}<p>`
  const body = around + 'word '.repeat(Math.max(0, Math.ceil((bytes - around.length) / 5)))
  const server = createServer((request, answer) => {
    const picture = pictures.get(request.url ?? '')
    if (!picture && request.url !== '/') answer.statusCode = 404
    answer.setHeader('content-type', picture ? 'image/webp' : 'text/html; charset=utf-8')
    answer.end(picture ?? (request.url === '/' ? body : ''))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A port of a listening server; `address()` has a text for sockets of files alone.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}
