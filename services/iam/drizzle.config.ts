import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'mysql',
  schema: ['./src/tables.ts', '../../shared/auth/api-keys.ts'],
  out: './migrations',
})
