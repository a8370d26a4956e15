/**
 * Project Wycheproof's vectors against each primitive in use, through crypto/primitives.ts where it exposes it; X-Wing by its
 * two halves, as libsodium has them, since kem.test.ts shows that it is nothing but these two. The vectors stand beside the
 * checkout; where they do not, the tests say so, and primitives.test.ts stands alone.
 */
import { existsSync, readFileSync } from 'node:fs'
import sodium from 'libsodium-wrappers'
import { describe, expect, it } from 'vitest'
import { concat, equal, fromHex } from '#crypto'
import { aeadOpen, aeadSeal, signVerify } from '../../crypto/primitives.ts'

const folder = new URL('../../../shared/data/wycheproof/', import.meta.url)
const present = existsSync(folder)

type Case = Record<string, string> & { tcId: number; result: string; flags?: string[] }
interface Group {
  publicKey?: { pk: string }
  tests: Case[]
}

/** Each case as a test would name it, with the answer of `run`: valid, invalid, or what it threw. */
function failures(
  file: string,
  run: (test: Case, group: Group) => boolean,
  expected = (test: Case) => test.result === 'valid',
) {
  if (!present) return []
  const { testGroups, numberOfTests } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
    testGroups: Group[]
    numberOfTests: number
  }
  const all = testGroups.flatMap(group => group.tests.map(test => ({ test, group })))
  expect(all.length).toBeGreaterThan(numberOfTests - 1)
  return all
    .filter(({ test, group }) => run(test, group) !== expected(test))
    .map(({ test }) => `${test.tcId} ${test.comment ?? ''}`)
}
const bytes = (test: Case, field: string): Uint8Array => fromHex(test[field]!)
const succeeds = (run: () => boolean): boolean => {
  try {
    return run()
  } catch {
    return false
  }
}

const note = present ? '' : ' NOT CHECKED: ../shared/data/wycheproof is absent, primitives.test.ts speaks alone'

describe(`Wycheproof${note}`, () => {
  it('XChaCha20-Poly1305', () => {
    const run = (test: Case) => {
      const [key, iv, aad, msg] = ['key', 'iv', 'aad', 'msg'].map(field => bytes(test, field)) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ]
      const sealed = concat(bytes(test, 'ct'), bytes(test, 'tag'))
      const opened = aeadOpen(key, iv, aad, sealed)
      return opened !== null && equal(opened, msg) && equal(aeadSeal(key, iv, aad, msg), sealed)
    }
    expect(failures('xchacha20_poly1305_test.json', run)).toEqual([])
  })

  // Wycheproof and libsodium agree on all of these. libsodium is stricter than RFC 8032 in two ways that Wycheproof does not
  // ask about: it refuses public keys and R of small order, and non-canonical encodings of either.
  it('Ed25519', () => {
    const run = (test: Case, group: Group) =>
      signVerify(fromHex(group.publicKey!.pk), bytes(test, 'msg'), bytes(test, 'sig'))
    expect(failures('ed25519_test.json', run)).toEqual([])
  })

  // Here "acceptable" means: a library may refuse it. libsodium refuses the all-zero secret, and computes all the others.
  it('X25519, half of X-Wing', () => {
    const run = (test: Case) =>
      succeeds(() =>
        equal(sodium.crypto_scalarmult(bytes(test, 'private'), bytes(test, 'public')), bytes(test, 'shared')),
      )
    expect(failures('x25519_test.json', run, test => !test.flags!.includes('ZeroSharedSecret'))).toEqual([])
  })

  it('ML-KEM-768 key generation, half of X-Wing', () => {
    const run = (test: Case) => {
      const { publicKey, privateKey } = sodium.crypto_kem_mlkem768_seed_keypair(bytes(test, 'seed'))
      return equal(publicKey, bytes(test, 'ek')) && equal(privateKey, bytes(test, 'dk'))
    }
    expect(failures('mlkem_768_keygen_seed_test.json', run)).toEqual([])
  })

  it('ML-KEM-768 encapsulation, half of X-Wing: the modulus check among others', () => {
    const run = (test: Case) =>
      succeeds(() => {
        const { ciphertext, sharedSecret } = sodium.crypto_kem_mlkem768_enc_deterministic(
          bytes(test, 'ek'),
          bytes(test, 'm'),
        )
        return equal(ciphertext, bytes(test, 'c')) && equal(sharedSecret, bytes(test, 'K'))
      })
    expect(failures('mlkem_768_encaps_test.json', run)).toEqual([])
  })

  it('ML-KEM-768 decapsulation, half of X-Wing: implicit rejection among others', () => {
    const run = (test: Case) =>
      succeeds(() => {
        const { publicKey, privateKey } = sodium.crypto_kem_mlkem768_seed_keypair(bytes(test, 'seed'))
        return (
          equal(publicKey, bytes(test, 'ek')) &&
          equal(sodium.crypto_kem_mlkem768_dec(bytes(test, 'c'), privateKey), bytes(test, 'K'))
        )
      })
    expect(failures('mlkem_768_test.json', run)).toEqual([])
  })
})
