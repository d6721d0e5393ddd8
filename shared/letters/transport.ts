import { rename, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { LettersConfig } from './settings.ts'

/** A letter, ready to be sent. `messageId` is that of its cause, so a repetition can be told. */
export type Envelope = {
  id: string
  messageId: string
  to: string
  date: Date
  subject: string
  text: string
  html: string
}

/** What hands letters over. */
export type Transport = { send: (letter: Envelope) => Promise<void>; close: () => void }

/** The letters under way at once, each on a connection of its own. */
export const CONNECTIONS_MAX = 4
const CONNECT_TIMEOUT_MS = 5_000
const SILENCE_TIMEOUT_MS = 10_000

/** What hands letters over as configured: a mail server, or a folder that takes them as `.eml` files. */
export function connectTransport({ through, from }: LettersConfig): Transport {
  return 'folder' in through ? folderTransport(through.folder, from) : smtpTransport(through.smtpUrl, from)
}

/** Letters hold what opens accounts, so without TLS they go to a server on this machine only. */
function smtpTransport(url: string, from: string): Transport {
  const mailer = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    // A letter that failed is the postman's to try again.
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    requireTLS: !isOnThisMachine(new URL(url).hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (letter) => void (await mailer.sendMail(mailOf(letter, from))),
    close: () => mailer.close(),
  }
}

/** A letter that is sent again takes the place of its file, which is never seen by halves. */
function folderTransport(folder: string, from: string): Transport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    async send(letter) {
      const { message } = await composer.sendMail(mailOf(letter, from))
      const file = join(folder, `${letter.id}.eml`)
      await writeFile(`${file}.part`, message, { mode: 0o600 })
      await rename(`${file}.part`, file)
    },
    close: () => undefined,
  }
}

function mailOf({ to, messageId, date, subject, text, html }: Envelope, from: string): SendMailOptions {
  return {
    from: { name: 'Bazaar', address: from },
    // As an object it is one address, whatever it looks like.
    to: { name: '', address: to },
    messageId,
    date,
    subject,
    text,
    html,
    // Nobody's out-of-office note comes back. RFC 3834
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

function isOnThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '[::1]'
}
