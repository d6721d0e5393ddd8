/** A running Bazaar that the load is put on, and the ways around all faults by which it is looked into. */
export type Target = {
  /** What clients call: one address for all instances of a service. */
  urls: Record<'iam' | 'user' | 'inventory' | 'order', string>
  /** Straight to the servers, past every proxy; the broker's names the vhost of the services' messages. */
  adminUrls: { mysql: string; redis: string; rabbitmq: string }
  /** The names of the databases that are looked into. */
  databases: { user: string; inventory: string; order: string }
}
