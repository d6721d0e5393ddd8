import { startIam } from './iam.ts'
import { startInventory } from './inventory.ts'
import { startOrder } from './order.ts'
import type { Provider } from './provider.ts'
import { startUser } from './user.ts'

/** How each service is started as a provider. */
export const providers = {
  iam: startIam,
  user: startUser,
  inventory: startInventory,
  order: startOrder,
} as const satisfies Record<string, () => Promise<Provider>>

/** The name of a service. */
export type ServiceName = keyof typeof providers

/** All services, in the order of their names' appearance everywhere. */
export const SERVICES: readonly ServiceName[] = ['iam', 'user', 'inventory', 'order']

/** Whether there is a service of this name. */
export function isService(name: string): name is ServiceName {
  return SERVICES.some((service) => service === name)
}
