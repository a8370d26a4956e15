/**
 * The one error class of the project. `code` is stable and is what programs and translations rely on;
 * `message` is for developers and never carries a key, a plaintext or a URL fragment.
 */
export type ErrorCode =
  // what a host or a thief did, or may have done
  | 'tampered' // bytes do not verify, or do not open
  | 'rolled-back' // a state older than one already seen
  | 'forked' // two states of which neither contains the other
  | 'identity-changed' // another root key than the pinned one
  // what the person may do something about
  | 'wrong-unlock' // password, kit or passkey does not open this vault
  | 'not-granted' // absent, or not for us: the two are not told apart
  | 'expired'
  | 'refused' // our own policy: sensitive facet to an unconfirmed person, marks not confirmed…
  | 'unconfirmed'
  | 'usage' // the call or its arguments are off
  | 'taken' // the name or e-mail is in use
  | 'unknown-person' // no vault behind this WebID
  | 'bad-file' // not the format it claims, or cut short
  | 'too-large'
  | 'source-changed' // a file altered while it was being read
  // the way to the pod
  | 'offline' // no answer
  | 'unauthorized' // 401: signed out
  | 'conflict' // somebody else wrote first
  | 'busy' // 429 or 503
  | 'server' // 5xx: outcome unknown
  | 'full' // 507, or the disk of this device
  | 'cancelled'
  | 'locked' // the vault was locked meanwhile

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
