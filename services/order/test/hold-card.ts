import type { World } from './world.ts'

/** The payment provider takes as long over one card as it likes: until `answer()` it has authorised nothing that it was asked for. */
export function holdCard(world: World, card: string) {
  const { provider } = world.deps
  const { authorise } = provider
  const held: (() => void)[] = []
  provider.authorise = async (charge) => {
    const outcome = await authorise(charge)
    if (charge.method !== card) return outcome
    return new Promise((resolve) => held.push(() => resolve('authorised')))
  }
  return {
    /** How many payments wait for it. */
    held: () => held.length,
    answer(): void {
      for (const give of held.splice(0)) give()
    },
  }
}
