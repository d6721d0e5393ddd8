import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'mysql',
  schema: [
    './src/tables.ts',
    './src/payment/sandbox-tables.ts',
    '../../shared/database/idempotency-keys.ts',
    '../../shared/messaging/inbox.ts',
    '../../shared/messaging/outbox.ts',
  ],
  out: './migrations',
})
