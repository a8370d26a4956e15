import { describe, expect, it } from 'vitest'
import {
  drawGroupEpoch,
  drawSeeds,
  MESSAGE_BYTES,
  openGroupMessage,
  openMessage,
  publicOf,
  sealGroupMessage,
  sealMessage,
  unsafeMessageEpoch,
  utf8,
} from '#crypto'
import { codeOf } from './support.ts'

const [ann, ben] = [drawSeeds(), drawSeeds()]
const [one, two] = [drawGroupEpoch(1), drawGroupEpoch(2)]

describe('messages', () => {
  it('[X1] opens for the person it is sealed to, and for nobody else', () => {
    const message = sealMessage(publicOf(ann).kem, utf8('body'))
    expect(openMessage(ann.kem, message)).toEqual(utf8('body'))
    expect(codeOf(() => openMessage(ben.kem, message))).toBe('tampered')
  })

  it('[X1] opens for the group epoch it was written in; null where that one is not ours', () => {
    const message = sealGroupMessage(one, utf8('body'))
    expect(openGroupMessage([two, one], message)).toEqual(utf8('body'))
    expect(openGroupMessage([two], message)).toBeNull()
    expect(codeOf(() => openGroupMessage([drawGroupEpoch(1)], message))).toBe('tampered')
  })

  it('[X2] takes neither kind for the other', () => {
    expect(codeOf(() => openMessage(ann.kem, sealGroupMessage(one, utf8('body'))))).toBe('tampered')
    expect(codeOf(() => openGroupMessage([one], sealMessage(publicOf(ann).kem, utf8('body'))))).toBe('tampered')
  })

  it('[X3] holds 4 KiB at most, sealed or read', () => {
    expect(codeOf(() => sealMessage(publicOf(ann).kem, new Uint8Array(4000)))).toBe('too-large')
    expect(codeOf(() => sealGroupMessage(one, new Uint8Array(4096)))).toBe('too-large')
    expect(codeOf(() => openMessage(ann.kem, new Uint8Array(4096)))).toBe('tampered') // large as may be, and no message
    expect(codeOf(() => openMessage(ann.kem, new Uint8Array(MESSAGE_BYTES + 1)))).toBe('too-large')
    expect(codeOf(() => openGroupMessage([one], new Uint8Array(MESSAGE_BYTES + 1)))).toBe('too-large')
  })

  it('says which group epoch it is of, and of what is too large or no message nothing', () => {
    expect(unsafeMessageEpoch(sealGroupMessage(two, utf8('body')))).toBe(2)
    expect(codeOf(() => unsafeMessageEpoch(sealMessage(publicOf(ann).kem, utf8('body'))))).toBe('tampered')
    expect(codeOf(() => unsafeMessageEpoch(new Uint8Array(MESSAGE_BYTES + 1)))).toBe('too-large')
  })

  it('[E4] has few sizes', () => {
    const sizes = [1, 100, 500].map(length => sealMessage(publicOf(ann).kem, new Uint8Array(length)).length)
    expect(new Set(sizes).size).toBe(1)
  })
})
