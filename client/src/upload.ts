/** What sends a request: the `fetch` of the runtime, or one like it. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>

/** How much of a picture has left this program, in bytes. */
export type Progress = { sentBytes: number; totalBytes: number }

/** A request with a picture, of which the sending is followed. */
type Upload = {
  url: string
  method: string
  headers: Headers
  body: Blob
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** How much is handed to the network at a time, where there is no XMLHttpRequest. */
const PIECE_BYTES = 64 * 1_024

/** Sends a picture and reports its progress. In browsers only XMLHttpRequest can report that, and only browsers have it. */
export function upload(options: Upload & { fetch: Fetch }): Promise<Response> {
  return typeof XMLHttpRequest === 'undefined' ? uploadInPieces(options) : uploadByBrowser(options)
}

function uploadInPieces({ fetch, url, body, onProgress, ...request }: Upload & { fetch: Fetch }) {
  const totalBytes = body.size
  let sentBytes = 0
  const pieces = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sentBytes > 0) onProgress({ sentBytes, totalBytes })
      if (sentBytes === totalBytes) return controller.close()
      const piece = await body.slice(sentBytes, sentBytes + PIECE_BYTES).arrayBuffer()
      sentBytes += piece.byteLength
      controller.enqueue(new Uint8Array(piece))
    },
  })
  // Node demands `duplex` for a stream; the types of browsers do not know it.
  const streamed: RequestInit & { duplex: 'half' } = {
    ...request,
    body: pieces,
    duplex: 'half',
    redirect: 'error',
  }
  return fetch(url, streamed)
}

function uploadByBrowser({ url, method, headers, body, signal, onProgress }: Upload): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    request.responseType = 'arraybuffer'
    for (const [name, value] of headers) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress({ sentBytes: loaded, totalBytes: total })
    request.onload = () =>
      resolve(new Response(request.response, { status: request.status, headers: headersOf(request) }))
    request.onerror = () => reject(new TypeError('The picture could not be sent'))
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    if (signal.aborted) reject(signal.reason)
    else request.send(body)
  })
}

function headersOf(request: XMLHttpRequest): Headers {
  const headers = new Headers()
  for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
    const [name = '', ...value] = line.split(':')
    if (name) headers.set(name, value.join(':').trim())
  }
  return headers
}
