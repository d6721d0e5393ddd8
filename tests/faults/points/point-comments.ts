import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryFolder } from '@bazaar/stack/paths'
import type { Plant } from '../../plants/plant.ts'

/** A comment that marks a failpoint, and the file where it stands, seen from the root of the repository. */
export type PointComment = { name: string; file: string }

const COMMENT = /^ *\/\/ failpoint: (\S+)$/gm

/** The folders whose source a service loads: its own, and what all of them share. */
export const foldersOf = (service: string) => [`services/${service}/src`, 'shared']

/** The comments in what a service loads. A comment of another form, or that is not alone on its line, is none. */
export function pointComments(service: string): PointComment[] {
  return foldersOf(service).flatMap((folder) => sourcesIn(folder).flatMap(commentsIn))
}

/** How often the sources of a service say the word, in whatever form: a comment that is misspelt marks no point. */
export function countMentions(service: string): number {
  const texts = foldersOf(service).flatMap(sourcesIn).map(textOf)
  return texts.reduce((count, text) => count + text.split(/failpoint/i).length - 1, 0)
}

/** Comes by the point where its comment stands, on the same line, so that all other lines keep their numbers. */
export function pointPlant({ name, file }: PointComment): Plant {
  return { file, find: `// failpoint: ${name}\n`, put: `await failpoint('${name}');\n` }
}

function commentsIn(file: string): PointComment[] {
  return [...textOf(file).matchAll(COMMENT)].map(([, name = '']) => ({ name, file }))
}

function textOf(file: string): string {
  return readFileSync(join(repositoryFolder, file), 'utf8')
}

/** The source in a folder, without its tests. */
function sourcesIn(folder: string): string[] {
  return readdirSync(join(repositoryFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/(^|\/)(test|node_modules)\/|\.test\.ts$/.test(path))
    .map((path) => `${folder}/${path}`)
    .sort()
}
