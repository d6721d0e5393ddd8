import type { Cluster } from './cluster.ts'

/** Something that must hold in every overlay; answers each place where it does not. */
export type Rule = { name: string; check: (cluster: Cluster) => string[] }
