import { describe, expect, it } from 'vitest'
import { hash, openAccountPage, random, sealAccountPage, utf8 } from '#crypto'
import { codeOf, flipped } from './support.ts'

const owner = 'https://alice.example/profile/card#me'
const content = utf8('what is over')
const { reference, bytes } = sealAccountPage(owner, content)

describe('a page of the account', () => {
  it('[A10] is named by its hash, size and key, and opens by them', () => {
    expect(reference).toMatchObject({ hash: hash(bytes), size: bytes.length })
    expect([reference.sealId.length, reference.key.length]).toEqual([16, 32])
    expect(openAccountPage(bytes, owner, reference.key)).toEqual(content)
  })

  it('[A10] opens for its owner and by its key alone, with no bit altered', () => {
    expect(codeOf(() => openAccountPage(bytes, 'https://bob.example/#me', reference.key))).toBe('tampered')
    expect(codeOf(() => openAccountPage(bytes, owner, random(32)))).toBe('tampered')
    for (let bit = 0; bit < bytes.length * 8; bit++)
      expect(codeOf(() => openAccountPage(flipped(bytes, bit), owner, reference.key))).toBe('tampered')
  })

  it('[E3] is drawn a seal id and a key of its own each time', () => {
    const again = sealAccountPage(owner, content)
    expect(again.reference.key).not.toEqual(reference.key)
    expect(again.reference.sealId).not.toEqual(reference.sealId)
  })
})
