/**
 * Padding inside the seal (SPEC E4): plaintext ‖ 0x80 ‖ zeros, up to the length its rule gives.
 * Padmé is Nikitin et al., "Reducing Metadata Leakage from Encrypted Files" (PoPETs 2019), §4: at most 12 % more.
 */
import { tampered } from './errors.ts'

/** Maps a length, under 4 GiB, to the padded length; must not decrease. */
export type Padding = (length: number) => number

export const padme: Padding = length => {
  if (length < 2) return length
  const exponent = log2(length)
  const step = 2 ** Math.max(exponent - log2(exponent) - 1, 0)
  return Math.ceil(length / step) * step
}

/** Rounded down, for 1 to 2^32 - 1. Not Math.log2, whose last bit is each engine's own. */
const log2 = (value: number): number => 31 - Math.clz32(value)

/** Padmé, from 256 bytes up. */
export const section: Padding = length => padme(Math.max(length, 256))

export const steps =
  (size: number): Padding =>
  length =>
    Math.ceil(length / size) * size

/** For parts whose length says nothing: keys, fixed structures. */
export const none: Padding = length => length

/** The byte after the plaintext. */
export const MARK = 0x80

export function pad(plaintext: Uint8Array, padding: Padding): Uint8Array {
  const padded = new Uint8Array(padding(plaintext.length + 1))
  padded.set(plaintext)
  padded[plaintext.length] = MARK
  return padded
}

export function unpad(padded: Uint8Array, padding: Padding): Uint8Array {
  let end = padded.length - 1
  while (end > 0 && padded[end] === 0) end--
  if (padded[end] !== MARK || padding(end + 1) !== padded.length) return tampered('wrong padding')
  return padded.subarray(0, end)
}
