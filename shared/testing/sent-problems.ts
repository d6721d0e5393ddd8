import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/*
 * Which problems services send while tests run, to be compared with what they declare (tests/problems). Nothing is noted
 * unless BAZAAR_SENT names a folder; `./bazaar test` names one to suites whose services are as they should be.
 */

const folder = process.env['BAZAAR_SENT']
const noted = new Set<string>()

/**
 * Notes the problem that a line of a service’s log tells of, once: the service, the operation, the status and the code. What
 * was refused before its operation was known has `-` for that.
 */
export function noteSent(line: string, into = folder): void {
  if (!into || !line.includes('"msg":"request"') || !line.includes('"code":') || !line.endsWith('}')) return
  const { service, operation = '-', status, code } = JSON.parse(line)
  if (!service) return
  const sent = `${service} ${operation} ${status} ${code}`
  if (noted.has(`${into} ${sent}`)) return
  noted.add(`${into} ${sent}`)
  appendFileSync(join(into, `${process.pid}.txt`), `${sent}\n`)
}
