/** Ciphertexts made to open twice, and bytes of one kind served as another. */
import { beforeAll, describe, expect, test } from 'vitest'
import {
  AlveoleError,
  concat,
  label,
  random,
  signBytes,
  signerOf,
  drawSeeds,
  publicOf,
  verifySigned,
  utf8,
} from '#crypto'
import { commit, open, seal } from '../../crypto/envelope.ts'
import { none } from '../../crypto/padding.ts'
import { aeadOpen, frame } from '../../crypto/primitives.ts'
import type { Kept } from './kept.ts'
import { everyKind } from './objects.ts'
import { salamander } from './salamander.ts'
import { orCode } from './shown.ts'

const codeOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    if (error instanceof AlveoleError) return { code: error.code }
    throw error
  }
}
const tampered = { code: 'tampered' }

describe('[A13] a ciphertext made to open under two keys', () => {
  const [ours, theirs, header] = [random(32), random(32), random(40)]
  const [one, two] = [ours, theirs].map(key => commit(key, label.sectionBody, header)) as [Keys, Keys]
  type Keys = ReturnType<typeof commit>
  const ad = frame(label.sectionBody, header)
  const both = salamander([one.aeadKey, two.aeadKey], new Uint8Array(24), ad)

  test('exists for plain XChaCha20-Poly1305', () => {
    const [a, b] = [one, two].map(({ aeadKey }) => aeadOpen(aeadKey, new Uint8Array(24), ad, both)!)
    expect([a?.length, b?.length]).toEqual([64, 64])
    expect(a).not.toEqual(b)
  })

  test('carries one commitment, and is refused under every other key, in the words of any bad bytes', () => {
    for (const [key, { commitment }] of [
      [theirs, one],
      [ours, two],
      [random(32), one],
    ] as const) {
      const errors = [concat(commitment, both), random(112)].map(sealed => {
        try {
          return open(key, label.sectionBody, header, sealed, none)
        } catch (error) {
          return error
        }
      })
      expect(errors[0]).toMatchObject(tampered)
      expect(String(errors[0])).toBe(String(errors[1]))
    }
  })
})

describe('[A16] one kind as another:', () => {
  let kinds: Kept[]
  beforeAll(async () => void (kinds = await everyKind()))

  test('all that is sealed or signed, wherever it stands, is refused by the reader of every other', async () => {
    expect(kinds.length).toBeGreaterThan(20)
    for (const { kind, read } of kinds)
      for (const other of kinds) {
        if (other.kind === kind) continue
        const expected = other.bytes.length > 4096 && /message/.test(kind) ? { code: 'too-large' } : tampered
        expect([kind, other.kind, await orCode(async () => read(other.bytes))]).toEqual([kind, other.kind, expected])
      }
  })

  const labels = Object.values(label)

  test('what is sealed under a label opens under no other, with the same key and header', () => {
    const [key, header] = [random(32), random(30)]
    for (const use of labels) {
      const sealed = seal(key, use, header, utf8('x'), none)
      expect(open(key, use, header, sealed, none)).toEqual(utf8('x'))
      for (const other of labels)
        if (other !== use)
          expect([use, other, codeOf(() => open(key, other, header, sealed, none))]).toEqual([use, other, tampered])
    }
  })

  test('what is signed under a label is signed under no other', () => {
    const seeds = drawSeeds()
    for (const use of labels) {
      const signed = signBytes(signerOf(seeds), use, utf8('x'))
      for (const other of labels) {
        const got = codeOf(() => verifySigned(signed, other, () => publicOf(seeds).sign) && 'signed')
        expect([use, other, got]).toEqual([use, other, other === use ? 'signed' : tampered])
      }
    }
  })
})
