import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'mysql',
  schema: ['./src/tables.ts', '../../shared/letters/letters.ts', '../../shared/messaging/inbox.ts'],
  out: './migrations',
})
