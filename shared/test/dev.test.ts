import { afterAll, beforeAll, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { endWithUs } from '../testing/child.ts'
import { until } from '../testing/until.ts'

const DEV = fileURLToPath(new URL('../process/dev.ts', import.meta.url))
const TIMEOUT_MS = 60_000
const MAIN = `import { value } from './value.ts'
console.log('runs with', value)
if (value === 'an error') process.exit(1)
setInterval(() => {}, 1_000)
`

let folder: string
let running: ChildProcess
let output = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bazaar-dev-'))
  await mkdir(join(folder, 'src/part'), { recursive: true })
  await writeFile(join(folder, 'src/main.ts'), MAIN)
  await writeFile(join(folder, 'src/value.ts'), source('one'))
  running = spawn(process.execPath, [DEV], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  running.stdout?.on('data', (text) => {
    output += text
  })
  endWithUs(running)
})

afterAll(async () => {
  running.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

function source(value: string): string {
  return `export const value: string = '${value}'\n`
}

async function runsWith(value: string): Promise<void> {
  await until(`it runs with ${value}`, async () => output.includes(`runs with ${value}\n`), TIMEOUT_MS)
}

/** As `sed -i`, `git checkout` and many editors do: a new file takes the name of the old one. */
async function replace(value: string): Promise<void> {
  await writeFile(join(folder, 'src/value.new'), source(value))
  await rename(join(folder, 'src/value.new'), join(folder, 'src/value.ts'))
}

test(
  'a service under development sees each edit, however the file is saved, and goes on after one that breaks it',
  async () => {
    await runsWith('one')
    await writeFile(join(folder, 'src/value.ts'), source('two'))
    await runsWith('two')
    await replace('three')
    await runsWith('three')
    await replace('four')
    await runsWith('four')
    await writeFile(join(folder, 'src/value.ts'), source('an error'))
    await runsWith('an error')
    await replace('five')
    await runsWith('five')
    await writeFile(join(folder, 'src/part/other.ts'), source('six'))
    await writeFile(join(folder, 'src/main.ts'), MAIN.replace('./value.ts', './part/other.ts'))
    await runsWith('six')
    await appendFile(join(folder, 'src/part/other.ts'), "console.log('seen')\n")
    await until('it has seen the last edit', async () => output.includes('seen\n'), TIMEOUT_MS)
    running.kill('SIGTERM')
    await once(running, 'exit')
  },
  TIMEOUT_MS * 2,
)
