import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/** A letter as the mail server has it: its headers and lines, undecoded. */
export type Delivered = { to: string[]; messageId: string; content: string }

/** A real SMTP server, for tests. */
export type MailServer = {
  url: string
  /** Everything that was accepted, in order. */
  delivered: Delivered[]
  /** What becomes of the next letter once all of it has arrived; after that they are accepted again. */
  next: (fate: Fate) => void
  close: () => Promise<void>
}

/** `cut`: the letter is kept, and the connection ends before that is said. A function runs before it is said. */
type Fate = 'cut' | { refuse: number } | (() => Promise<void>)

/** Starts a mail server on a free port, or on one that another had. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const delivered: Delivered[] = []
  const fates: Fate[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 100,
    onData(stream, session, done) {
      text(stream).then((content) => receive(content, session, done), done)
    },
  })
  server.on('error', () => undefined)

  async function receive(content: string, session: SMTPServerSession, done: (error?: Error) => void) {
    const fate = fates.shift()
    if (typeof fate === 'object')
      return done(
        Object.assign(new Error(`${session.envelope.rcptTo[0]?.address} is refused`), {
          responseCode: fate.refuse,
        }),
      )
    const messageId = /^Message-ID:\s*(\S+)/im.exec(content)?.[1] ?? ''
    delivered.push({ to: session.envelope.rcptTo.map(({ address }) => address), messageId, content })
    if (typeof fate === 'function') await fate()
    if (fate === 'cut') for (const connection of server.connections) connection.close()
    else done()
  }

  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  // The address of a server that listens on a port has one.
  const { port: taken } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${taken}`,
    delivered,
    next: (fate) => void fates.push(fate),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
