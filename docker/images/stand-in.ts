import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { findProgram } from '@bazaar/stack/programs/programs'
import { output, run } from './command.ts'

/** What a recipe may call in the base image; the real one has more. */
const PROGRAMS = ['sh', 'cat', 'env', 'find', 'id', 'ls', 'mkdir', 'rm', 'sha256sum', 'sleep']
/** The rest of the C library and what native code of packages needs: no program above lists it. */
const LIBRARIES = [
  'libanl.so.1',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libnss_dns.so.2',
  'libnss_files.so.2',
  'libpthread.so.0',
  'libresolv.so.2',
  'librt.so.1',
  'libstdc++.so.6',
  'libutil.so.1',
]
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

/**
 * Makes an image that stands in for the official one of Bun where no registry can be reached: this Bun and a few
 * programs of this system with their libraries. Good for trying recipes, not for anything else.
 */
export async function makeStandIn(
  podman: readonly string[],
  options: { image: string; environment: Readonly<Record<string, string>> },
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'bazaar-base-'))
  try {
    await fillRoot(root)
    const archive = `${root}.tar`
    await run(['tar', '--create', '--file', archive, '--directory', root, '--owner=0', '--group=0', '.'])
    const variables = ['PATH=/usr/local/bin:/usr/bin:/bin', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`]
    const changes = variables.flatMap((variable) => ['--change', `ENV ${variable}`])
    await run([...podman, 'import', ...changes, archive, options.image], {
      environment: options.environment,
    })
  } finally {
    await rm(root, { recursive: true, force: true })
    await rm(`${root}.tar`, { force: true })
  }
}

async function fillRoot(root: string): Promise<void> {
  for (const folder of [
    'usr/bin',
    'usr/lib',
    'usr/local/bin',
    'etc/ssl/certs',
    'root',
    'proc',
    'sys',
    'dev',
    'run',
    'var/tmp',
  ]) {
    await mkdir(join(root, folder), { recursive: true })
  }
  await mkdir(join(root, 'tmp'))
  await chmod(join(root, 'tmp'), 0o1777)
  await symlink('usr/bin', join(root, 'bin'))
  await symlink('usr/lib', join(root, 'lib'))
  await mkdir(join(root, 'usr/lib64'))
  await symlink('usr/lib64', join(root, 'lib64'))
  const bun = await realpath(process.execPath)
  await cp(bun, join(root, 'usr/local/bin/bun'))
  const programs = await Promise.all(PROGRAMS.map(async (name) => await pathOf(name)))
  for (const [index, program] of programs.entries()) {
    await cp(await realpath(program), join(root, 'usr/bin', PROGRAMS[index] ?? ''))
  }
  for (const library of new Set((await Promise.all([bun, ...programs].map(librariesOf))).flat())) {
    await copyLibrary(root, library)
  }
  for (const library of await cachedLibraries(LIBRARIES)) await copyLibrary(root, library)
  await cp(CERTIFICATES, join(root, CERTIFICATES))
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nbun:x:1000:1000::/home/bun:/bin/sh\n',
  )
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nbun:x:1000:\n')
  await writeFile(join(root, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n')
}

/** A library goes where the loader looks for it by its bare name; only the loader itself has a fixed place. */
async function copyLibrary(root: string, library: string): Promise<void> {
  const name = library.slice(library.lastIndexOf('/') + 1)
  const place = name.startsWith('ld-linux-x86') ? `usr/lib64/${name}` : `usr/lib/${name}`
  await mkdir(dirname(join(root, place)), { recursive: true })
  await cp(await realpath(library), join(root, place))
}

async function librariesOf(program: string): Promise<string[]> {
  const text = await output(['ldd', program])
  return [...text.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path ?? '')
}

async function cachedLibraries(names: readonly string[]): Promise<string[]> {
  const known = await output(['/sbin/ldconfig', '--print-cache'])
  return names.flatMap(
    (name) =>
      known.match(new RegExp(`^\\s*${name.replaceAll('+', '\\+')} .*x86-64.*=> (\\S+)$`, 'm'))?.[1] ?? [],
  )
}

async function pathOf(name: string): Promise<string> {
  const path = await findProgram(name)
  if (!path) throw new Error(`Cannot make a base image: this system has no "${name}"`)
  return path
}

/** The version of Bun that the recipe is built on, as its own text says. */
export async function baseImageOf(recipe: string): Promise<string> {
  const image = (await readFile(recipe, 'utf8')).match(/^ARG BUN_IMAGE=(\S+)$/m)?.[1]
  if (!image) throw new Error(`Cannot find the base image in ${recipe}: no line ARG BUN_IMAGE=…`)
  return image
}
