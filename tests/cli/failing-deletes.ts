/** Loaded before the program: the server answers every deletion with 503. */
const real = globalThis.fetch
globalThis.fetch = async (input, init) =>
  init?.method === 'DELETE' ? new Response('no', { status: 503 }) : real(input, init)
