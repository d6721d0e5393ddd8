import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { writeApi, writeOperations } from './write-api.ts'

const BIOME = fileURLToPath(new URL('../../node_modules/.bin/biome', import.meta.url))

/** The generated files of the client: where each is, and what it should say. */
function generatedFiles(): { path: string; text: string }[] {
  return [
    { path: inSource('api.ts'), text: formatted(writeApi()) },
    { path: inSource('operations.ts'), text: formatted(writeOperations()) },
  ]
}

function inSource(name: string): string {
  return fileURLToPath(new URL(`../src/${name}`, import.meta.url))
}

function formatted(text: string): string {
  const { stdout, stderr, status } = spawnSync(BIOME, ['format', '--stdin-file-path=client/src/api.ts'], {
    input: text,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Cannot format what was generated: ${stderr}`)
  return stdout
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check')
  const outdated = generatedFiles().filter(({ path, text }) => readFileSync(path, 'utf8') !== text)
  for (const { path, text } of outdated) {
    if (!isCheck) writeFileSync(path, text)
    process.stdout.write(`${path} ${isCheck ? 'is out of date' : 'is written anew'}\n`)
  }
  if (isCheck && outdated.length > 0) {
    process.stdout.write('The contract has changed: ./bazaar run client:generate\n')
    process.exitCode = 1
  }
}
