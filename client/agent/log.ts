/** What an agent says of its work: lines of JSON, and no WebID, address or name in any of them, only random names of folders. */
import type { Problem } from './pass.ts'

export type Event =
  | { event: 'started'; keys: boolean }
  | { event: 'stopped' }
  | { event: 'removed'; rules: number }
  | ({ event: 'problem' } & Problem)
  /** Nothing stands in the way any more. */
  | { event: 'well' }

export type Log = (event: Event) => void

export const logTo =
  (stream: { write(line: string): unknown }, clock: () => number = Date.now): Log =>
  event =>
    void stream.write(`${JSON.stringify({ at: new Date(clock()).toISOString(), ...event })}\n`)
