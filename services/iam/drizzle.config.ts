import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'mysql',
  schema: ['./src/tables.ts', '../../shared/api-keys.ts'],
  out: './migrations',
})
