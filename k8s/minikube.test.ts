import { afterAll, beforeAll, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder } from './check/cluster.ts'

/*
 * There is no minikube here. What can be seen without one is which commands `minikube.sh` calls, in which order, and
 * that it says each before: the programs are replaced by ones that write down how they were called.
 */

const place = mkdtempSync(join(tmpdir(), 'bazaar-minikube-'))
const programs = join(place, 'bin')
const calls = join(place, 'calls')

const PROGRAM = `#!/bin/sh
echo "\${0##*/} $*" >>"${calls}"
while [ $# -gt 0 ]; do
  if [ "$1" = --sql ]; then echo 'CREATE DATABASE' >"$2"; fi
  shift
done
echo written by a stand-in
`

beforeAll(() => {
  mkdirSync(programs)
  for (const name of ['bun', 'curl', 'docker', 'kubectl', 'minikube', 'mysql']) {
    writeFileSync(join(programs, name), PROGRAM)
    chmodSync(join(programs, name), 0o755)
  }
  mkdirSync(join(place, 'k8s'))
  for (const script of ['minikube.sh', 'roll-out.sh'])
    cpSync(join(folder, script), join(place, 'k8s', script))
})

afterAll(() => rmSync(place, { recursive: true }))

function minikube(...args: string[]) {
  rmSync(calls, { force: true })
  const { status, stderr } = spawnSync('sh', [join(place, 'k8s/minikube.sh'), ...args], {
    env: { PATH: `${programs}:/usr/bin:/bin` },
    encoding: 'utf8',
  })
  const called = existsSync(calls)
    ? readFileSync(calls, 'utf8').replaceAll(place, '.').trim().split('\n')
    : []
  return { status, said: stderr.replaceAll(place, '.'), called }
}

/** The calls that begin so, in the order in which they came. */
function inOrder(called: readonly string[], beginnings: readonly string[]): string[] {
  return beginnings.toSorted(
    (one, other) =>
      called.findIndex((call) => call.startsWith(one)) - called.findIndex((call) => call.startsWith(other)),
  )
}

test('up makes two nodes, the image on both, secrets, the database, and rolls out', () => {
  const { status, said, called } = minikube('up')
  expect(status).toBe(0)
  const steps = [
    'minikube start --profile bazaar --nodes 2 --driver docker --static-ip 192.168.200.200',
    'docker build --file ./docker/Dockerfile --build-arg SERVICE=iam --tag iam-service:1.0 .',
    'minikube image load --profile bazaar iam-service:1.0',
    'kubectl --context bazaar apply --filename ./.bazaar/minikube/secrets.yaml',
    'mysql --user=root',
    'kubectl kustomize ./k8s/overlays/minikube',
    'kubectl --context bazaar get nodes',
    'curl --fail --silent --show-error --retry 10 --retry-all-errors http://192.168.200.200:30401/health/ready',
  ]
  for (const step of steps) expect(called.filter((call) => call.startsWith(step))).toHaveLength(1)
  expect(inOrder(called, steps)).toEqual(steps)
  const unsaid = steps.filter((step) => !said.includes(`+ ${step}`))
  expect(unsaid).toEqual(['kubectl kustomize ./k8s/overlays/minikube'])
  expect(said).toContain('+ ./k8s/roll-out.sh ./k8s/overlays/minikube')
})

test('up draws secrets once, and keeps them', () => {
  rmSync(join(place, '.bazaar'), { recursive: true, force: true })
  const drawn = () => minikube('up').called.filter((call) => call.startsWith('bun k8s/make-secrets.ts'))
  expect(drawn()).toEqual([
    'bun k8s/make-secrets.ts --only iam --mysql mysql:3306 --sql ./.bazaar/minikube/databases.sql',
  ])
  expect(drawn()).toEqual([])
})

test('up --all loads the images of all four services and the shop, and needs no MySQL', () => {
  const { status, called } = minikube('up', '--all')
  expect(status).toBe(0)
  expect(called.filter((call) => call.startsWith('minikube image load'))).toHaveLength(5)
  expect(called).toContain('kubectl kustomize ./k8s/overlays/minikube-all')
  expect(called.filter((call) => call.startsWith('mysql'))).toEqual([])
})

test('status asks only, and down removes the cluster and its secrets', () => {
  expect(minikube('status').called.map((call) => call.split(' ').slice(0, 4).join(' '))).toEqual([
    'kubectl --context bazaar get',
    'kubectl --context bazaar get',
  ])
  const { status, said, called } = minikube('down')
  expect(status).toBe(0)
  expect(called).toEqual(['minikube delete --profile bazaar'])
  expect(said).toContain('+ minikube delete --profile bazaar')
  expect(existsSync(join(place, '.bazaar/minikube'))).toBe(false)
})

test('up stops at the first step that fails', () => {
  writeFileSync(join(programs, 'docker'), '#!/bin/sh\nexit 3\n')
  const { status, called } = minikube('up')
  expect(status).toBe(3)
  expect(called.filter((call) => call.startsWith('minikube image'))).toEqual([])
})

test('anything else is answered with how to call it', () => {
  expect(minikube('upp')).toEqual({
    status: 2,
    said: 'Usage: k8s/minikube.sh up [--all] | status | down\n',
    called: [],
  })
})
