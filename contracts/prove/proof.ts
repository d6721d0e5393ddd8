import type { Plant } from './plant.ts'

/** What became of one planted change. */
export type Proof = {
  interaction: string
  plant: string
  kind: Plant['kind']
  /** Whether it did change something of what was asked, answered or sent. */
  touched: boolean
  /** What the verification found wrong. */
  mismatches: string[]
}

/** What is wrong with a proof, or undefined when nothing is: breaks are caught, harmless changes are not. */
export function faultOf({ kind, touched, mismatches }: Proof): string | undefined {
  if (!touched) return 'changed nothing'
  if (kind === 'break') return mismatches.length === 0 ? 'was not caught' : undefined
  return mismatches.length > 0 ? `raised a false alarm: ${mismatches.join('; ')}` : undefined
}
