import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'mysql',
  schema: [
    './src/tables.ts',
    '../../shared/api-keys.ts',
    '../../shared/idempotency-keys.ts',
    '../../shared/inbox.ts',
    '../../shared/outbox.ts',
  ],
  out: './migrations',
})
