import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

/** Which traces are recorded, in the words of `OTEL_TRACES_SAMPLER`, and the share of them. */
export type SamplerSettings = {
  sampler: `${'' | 'parentbased_'}${'always_on' | 'always_off' | 'traceidratio'}`
  ratio: number
}

/** The sampler of that name. With `parentbased_` a caller that passes on a trace has decided about it. */
export function samplerOf({ sampler, ratio }: SamplerSettings): Sampler {
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio)
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() })
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() })
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) })
  }
}
