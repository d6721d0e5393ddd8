import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { makeSecrets } from '@bazaar/stack/services/secrets'
import { stringify } from 'yaml'
import { databaseStatements, secretManifests } from './secrets.ts'

/*
 * `bun k8s/make-secrets.ts` writes all secrets of a cluster to its output, drawn anew each time: keep them where you
 * keep secrets, never in git. Without options they are those of overlays/minikube-all. `--mysql`, `--redis` and
 * `--rabbitmq` say where stores outside of the namespace are; `--sql FILE` then gets the statements that make the
 * databases and their accounts. `--smtp URL` is the mail server; until there is one, letters wait. `--only iam` leaves
 * out the shop and the other services, with their databases and their accounts.
 */

const { values } = parseArgs({
  options: {
    namespace: { type: 'string', default: 'bazaar' },
    mysql: { type: 'string' },
    redis: { type: 'string', default: 'redis:6379' },
    rabbitmq: { type: 'string', default: 'rabbitmq:5672' },
    smtp: { type: 'string', default: 'smtp://mail:587' },
    only: { type: 'string' },
    sql: { type: 'string' },
  },
})
const services = SERVICES.filter((service) => values.only === undefined || values.only === service)
if (services.length === 0) {
  process.stderr.write(`There is no service "${values.only}"; there are ${SERVICES.join(', ')}.\n`)
  process.exit(2)
}
const secrets = makeSecrets()
const hosts = { mysql: values.mysql ?? 'mysql:3306', redis: values.redis, rabbitmq: values.rabbitmq }
if (values.sql) writeFileSync(values.sql, databaseStatements(hosts, { secrets, services }), { mode: 0o600 })
const manifests = secretManifests(secrets, {
  namespace: values.namespace,
  hosts,
  services,
  shop: values.only === undefined,
  storesInside: values.mysql === undefined,
  smtpUrl: values.smtp,
})
process.stdout.write(manifests.map((manifest) => stringify(manifest)).join('---\n'))
