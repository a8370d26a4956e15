/**
 * What time it is where the rules stand: the server's own `Date` (RFC 9110 §6.6.1) at its last answer, and what passed since. It is
 * the server that shows what a rule allows, so an agent whose machine is a day ahead takes nothing away early, and one that is a day
 * behind leaves nothing standing. A server that lies about it gains nothing: it can drop a rule, or keep one, without asking.
 */
export interface ServerClock {
  /** Milliseconds since 1970; this machine's own time until the server said any. */
  now(): number
  /** How far this machine is ahead of the server, in milliseconds; 0 until it said any. */
  skew(): number
  /** The same, looking at each answer. */
  fetch: typeof globalThis.fetch
}

/** `elapsed`: milliseconds by a clock that nobody sets. */
export function serverClock(
  fetch: typeof globalThis.fetch,
  clock: () => number = Date.now,
  elapsed: () => number = () => performance.now(),
): ServerClock {
  let last: { date: number; at: number } | null = null
  const now = (): number => (last ? last.date + elapsed() - last.at : clock())
  return {
    now,
    skew: () => (last ? clock() - now() : 0),
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const date = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(date)) last = { date, at: elapsed() }
      return response
    },
  }
}
