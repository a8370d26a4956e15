/**
 * The one error class of the project. `code` is stable and is what programs and translations rely on;
 * `message` is for developers and never carries a key, a plaintext or a URL fragment. Where an answer of the host does not open, it
 * never says whether the key was wrong or bytes were altered (SPEC E5). What people are told and may do, and how the command line
 * ends, is in the table of client/core/README.md.
 */

/**
 * Who is at fault, as far as can be told:
 * - `host`: who keeps the bytes, or a thief of them;
 * - `person`: the person, or the one they deal with; they may do something about it;
 * - `way`: the way to the pod, or its server.
 */
export type Fault = 'host' | 'person' | 'way'

/** Every code, and whose fault it is. */
export const faultOf = {
  /** Bytes do not verify, do not open, are gone, or are such as none of our encoders writes. */
  tampered: 'host',
  /** A state older than one already seen. */
  'rolled-back': 'host',
  /** Two states of which neither contains the other. */
  forked: 'host',
  /** Another root key than the pinned one. */
  'identity-changed': 'host',
  /** Password, kit or device key does not open this vault; account password does not open this account. */
  'wrong-unlock': 'person',
  /** Absent, or not for us: the two are not told apart. */
  'not-granted': 'person',
  /** Its date has passed. */
  expired: 'person',
  /** A rule of our own forbids it, or the server does, for no reason that has a code of its own. */
  refused: 'person',
  /** A sensitive facet to somebody whose keys nobody has vouched for. */
  unconfirmed: 'person',
  /** The call or its arguments are off. */
  usage: 'person',
  /** The name, e-mail address or place is in use. */
  taken: 'person',
  /** No vault behind this WebID. */
  'unknown-person': 'person',
  /** Not the format that it claims, or cut short. */
  'bad-file': 'person',
  'too-large': 'person',
  /** A file was altered while it was being read. */
  'source-changed': 'person',
  /** Called off by whoever asked for it. */
  cancelled: 'person',
  /** The vault was locked meanwhile. */
  locked: 'person',
  /** No answer: nothing was done, or nothing is known. */
  offline: 'way',
  /** 401: signed out. */
  unauthorized: 'way',
  /** Somebody else wrote first. */
  conflict: 'way',
  /** 429 or 503: later. */
  busy: 'way',
  /** Other 5xx: the outcome is unknown. */
  server: 'way',
  /** 507, or the disk of this device. */
  full: 'way',
} as const satisfies Record<string, Fault>

export type ErrorCode = keyof typeof faultOf

export class AlveoleError extends Error {
  readonly code: ErrorCode
  /** What the plain-words message names: a file, a place in it, a person. Never a secret. */
  readonly detail: Readonly<Record<string, string | number>>

  constructor(
    code: ErrorCode,
    message: string = code,
    options: { cause?: unknown; detail?: Record<string, string | number> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AlveoleError'
    this.code = code
    this.detail = options.detail ?? {}
  }
}

/** For bytes that do not verify, do not open, or that none of our encoders would have written. */
export const tampered = (why: string): never => {
  throw new AlveoleError('tampered', why)
}

export const isCode = (error: unknown, ...codes: ErrorCode[]): error is AlveoleError =>
  error instanceof AlveoleError && codes.includes(error.code)
