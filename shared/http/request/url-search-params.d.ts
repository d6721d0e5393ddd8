/*
 * Bun's types add toJSON() to the URLSearchParams of `node:url`. `deno check` distinguishes that class from the
 * global one, so it would not let Node's functions take a `new URL()`. Here the global class gets the same addition.
 */
interface URLSearchParams {
  toJSON(): Record<string, string>
}
