import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asyncApiDocument } from '@bazaar/shared/http/docs/asyncapi'
import { documentOf } from '@bazaar/shared/http/docs/document-of'
import { joinedDocument } from '@bazaar/shared/http/docs/joined'
import { documentsFolder, joinedFile, releasedFolder } from '../folders.ts'
import { apis } from '../uses.ts'
import { runChild } from '../verify/child.ts'
import { lettersDocument, lettersFile } from './letters.ts'

/** The two kinds of documents: of what is asked over HTTP, and of messages. */
export type DocumentKind = 'openapi' | 'asyncapi'

/** What takes the place of a service in the document of all of them. */
export const ALL_SERVICES = 'all services'

/** One document of a service, as programs of others read it. */
export type ServiceDocument = { service: string; kind: DocumentKind; document: object }

/** Where a document is kept: `committed` is what the code here serves, `released` what the last release did. */
export function documentFile(
  which: 'committed' | 'released',
  { service, kind }: Pick<ServiceDocument, 'service' | 'kind'>,
): string {
  if (service === ALL_SERVICES && which === 'committed') return joinedFile
  return join(which === 'committed' ? documentsFolder : releasedFolder, kind, `${service}.json`)
}

/**
 * Every document as its service serves it now, and the one of all that people can do. A service without messages has
 * no document of them.
 */
export async function servedDocuments(): Promise<ServiceDocument[]> {
  const documents = Object.entries(apis).map(async ([service, api]): Promise<ServiceDocument[]> => {
    const messages = asyncApiDocument(service)
    return [
      { service, kind: 'openapi', document: await documentOf(api) },
      ...(messages ? [{ service, kind: 'asyncapi', document: messages } as const] : []),
    ]
  })
  const joined = { service: ALL_SERVICES, kind: 'openapi', document: await joinedDocument() } as const
  return [...(await Promise.all(documents)).flat(), joined]
}

/** What is kept in a file, or undefined when there is none. */
export async function keptDocument(file: string): Promise<object | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Writes the documents of all services anew, so that a change of what is offered shows in a review. */
export async function saveDocuments(): Promise<void> {
  for (const one of await servedDocuments()) await save(documentFile('committed', one), one.document)
  await writeFile(lettersFile, lettersDocument())
}

/** Notes that a service is released with the documents that it has here. */
export async function releaseDocuments(service: string): Promise<void> {
  for (const one of await servedDocuments())
    if (one.service === service) await save(documentFile('released', one), one.document)
}

/** In the format of everything else. */
async function save(file: string, document: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify(document, null, 2))
  const biome = ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', file]
  const { status, output } = await runChild(biome)
  if (status !== 0) throw new Error(output)
}
