import { availabilityRules } from './availability-rules.ts'
import { networkRules } from './network-rules.ts'
import { podRules } from './pod-rules.ts'
import { referenceRules } from './reference-rules.ts'
import type { Rule } from './rule.ts'

/** All that must hold in every overlay. */
export const rules: readonly Rule[] = [...podRules, ...availabilityRules, ...referenceRules, ...networkRules]
