import process from 'node:process'
import type { Store } from '../programs/programs.ts'
import { StackError } from '../stack-error.ts'

/** Servers that somebody else runs, to be used instead of private ones. */
export type ExternalServers = Partial<Record<Store, string>>

const VARIABLES = {
  mysql: { name: 'BAZAAR_MYSQL_URL', form: 'mysql://administrator:password@host:3306', schemes: ['mysql:'] },
  redis: {
    name: 'BAZAAR_REDIS_URL',
    form: 'redis://user:password@host:6379',
    schemes: ['redis:', 'rediss:'],
  },
  rabbitmq: {
    name: 'BAZAAR_RABBITMQ_URL',
    form: 'amqp://user:password@host:5672/vhost',
    schemes: ['amqp:', 'amqps:'],
  },
} as const

/**
 * The servers that the environment names.
 * @throws {StackError} naming each variable that is not such a URL, without showing it.
 */
export function externalServers(environment: Record<string, string | undefined>): ExternalServers {
  const wrong: string[] = []
  const read = (store: Store): string | undefined => {
    const { name, form, schemes } = VARIABLES[store]
    const text = environment[name]
    if (!text) return undefined
    const url = URL.parse(text)
    if (url?.hostname && schemes.some((scheme) => scheme === url.protocol)) return text.replace(/\/$/, '')
    wrong.push(`${name} is malformed: set it to ${form}`)
    return undefined
  }
  const [mysql, redis, rabbitmq] = [read('mysql'), read('redis'), read('rabbitmq')]
  if (wrong.length > 0) throw new StackError(wrong.join('\n'))
  return { ...(mysql && { mysql }), ...(redis && { redis }), ...(rabbitmq && { rabbitmq }) }
}

/** The given servers, from this process's environment. */
export function givenServers(): ExternalServers {
  return externalServers(process.env)
}
