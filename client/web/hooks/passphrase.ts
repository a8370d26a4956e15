/** Passwords of vaults: the shortest that is accepted, and one for those who would rather not choose. */
export const LEAST_UNLOCK = 10

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
const LENGTH = 28

/** 28 letters in groups of four, out of 32 that are not mistaken for one another on paper: 140 bits (A20: 128 at least). */
export const passphrase = (): string => {
  const drawn = crypto.getRandomValues(new Uint8Array(LENGTH))
  // 256 is a multiple of 32: no letter is likelier than another.
  const letters = Array.from(drawn, byte => LETTERS[byte % LETTERS.length]).join('')
  return letters.match(/.{4}/g)?.join('-') ?? letters
}
