import * as client from '@kubernetes/client-node'
import type { Manifest } from './cluster.ts'

/*
 * One library checks types and required fields but lets unknown ones pass; the other knows all fields but checks
 * nothing. A misspelt field would be dropped by the API server without a word, so both are asked.
 */

type Field = { baseName: string; type: string }
type Validated = { new (manifest: Manifest): { validate: () => void } }

/** What is wrong with the shape of an object: unknown, missing or mistyped fields. */
export async function schemaFaults(manifest: Manifest): Promise<string[]> {
  const title = `${manifest.kind}/${manifest.metadata.name}`
  const validator = await validatorOf(manifest)
  if (!validator || !fieldsOf(modelName(manifest)))
    return [`${title}: there is no kind ${manifest.kind} in ${manifest.apiVersion}`]
  const faults = unknownFields(manifest, modelName(manifest), title)
  try {
    new validator(manifest).validate()
  } catch (error) {
    faults.push(`${title}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return faults
}

async function validatorOf({ apiVersion, kind }: Manifest): Promise<Validated | undefined> {
  if (!/^[a-z0-9./]+$/.test(apiVersion)) return undefined
  try {
    const models = await import(`kubernetes-models/${apiVersion}`)
    return models[kind]
  } catch (error) {
    if (error instanceof Error && /Cannot find (module|package)/.test(error.message)) return undefined
    throw error
  }
}

/** `autoscaling/v2` and `HorizontalPodAutoscaler` make `V2HorizontalPodAutoscaler`. */
function modelName({ apiVersion, kind }: Manifest): string {
  const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1)
  return `${version[0]?.toUpperCase()}${version.slice(1)}${kind}`
}

function unknownFields(value: unknown, type: string, path: string): string[] {
  const item = /^Array<(.+)>$/.exec(type)?.[1]
  if (item) {
    if (!Array.isArray(value)) return [`${path} is not a list`]
    return value.flatMap((entry, index) => unknownFields(entry, item, `${path}[${index}]`))
  }
  const entryType = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1]
  const fields = fieldsOf(type)
  if (!entryType && !fields) return []
  if (typeof value !== 'object' || value === null) return [`${path} is not an object`]
  return Object.entries(value).flatMap(([key, entry]) => {
    const known = entryType ?? fields?.find(({ baseName }) => baseName === key)?.type
    return known ? unknownFields(entry, known, `${path}.${key}`) : [`${path} has no field "${key}"`]
  })
}

function fieldsOf(type: string): Field[] | undefined {
  const model: unknown = Reflect.get(client, type)
  if (typeof model !== 'function') return undefined
  return Reflect.get(model, 'getAttributeTypeMap')?.()
}
