/** The exit code of each way to end; the table is in README.md. */
import { AlveoleError, type ErrorCode } from '#crypto'

export const DONE = 0
export const UNEXPECTED = 1
/** 128 + SIGINT, as shells have it. */
const INTERRUPTED = 130

const codes: Record<ErrorCode, number> = {
  usage: 2,
  'bad-file': 2,
  'not-granted': 3,
  'unknown-person': 3,
  expired: 3,
  tampered: 4,
  'rolled-back': 4,
  forked: 4,
  'identity-changed': 4,
  offline: 5,
  busy: 5,
  server: 5,
  unauthorized: 5,
  conflict: 6,
  taken: 6,
  'source-changed': 6,
  'wrong-unlock': 7,
  locked: 7,
  refused: 8,
  unconfirmed: 8,
  'too-large': 8,
  full: 8,
  cancelled: INTERRUPTED,
}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(codes, code)

export const exitCode = (error: unknown): number => (error instanceof AlveoleError ? codes[error.code] : UNEXPECTED)

/** Of a report that lists problems by code: the gravest wins, what an attacker may have done before anything else. */
export function exitCodeOf(problems: readonly { code: string }[]): number {
  const found = problems.map(({ code }) => (isKnown(code) ? codes[code] : UNEXPECTED))
  if (found.includes(codes.tampered)) return codes.tampered
  return found[0] ?? DONE
}
