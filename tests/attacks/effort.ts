/**
 * How long to try. `npm run attacks` sets `ALVEOLE_ATTACKS=all`: every bit of every stored object through its parser, every
 * value of every byte of a header, a million seals. Else one in so many, in about two minutes.
 */
export const thorough = process.env['ALVEOLE_ATTACKS'] === 'all'

/** Of things tried in turn: all of them, or, where there is no time, each `usual`th. */
export const stride = (usual: number): number => (thorough ? 1 : usual)

/** For tests that take long where all is tried, in milliseconds. */
export const patience = { timeout: thorough ? 6 * 3600_000 : 120_000 }
