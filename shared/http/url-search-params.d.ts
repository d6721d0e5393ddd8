/*
 * Bun's types add toJSON() to the URLSearchParams of `node:url`. `deno check` tells that one from the global one, and
 * so would not let a `new URL()` be given to the functions of Node; here the global one gets the same addition.
 */
interface URLSearchParams {
  toJSON(): Record<string, string>
}
