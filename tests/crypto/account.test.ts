import { describe, expect, it } from 'vitest'
import {
  deviceKey,
  drawGeneration,
  drawSeeds,
  FLOOR,
  openAccountState,
  publicOf,
  random,
  sealAccount,
  signerOf,
  unsafeAccountHeader,
  unwrapGenerations,
  utf8,
  verifyAccount,
  wrapGenerations,
  type AccountHeader,
  type PasswordSlot,
  type Unsealed,
} from '#crypto'
import { codeOf, person } from './support.ts'

const alice = person('alice')
const generations = [alice.generation, drawGeneration(2), drawGeneration(3)]
const newest = generations.at(-1)!
const header: Unsealed<AccountHeader> = {
  version: 1,
  type: 'account',
  owner: alice.webId,
  vector: [],
  identityHead: alice.identity.entries.at(-1)!,
  slots: [],
  ...wrapGenerations(alice.webId, generations, [publicOf(alice.device), publicOf(alice.root)]),
}
const keyOf = (signer: Uint8Array) => deviceKey(alice.identity, signer)
const sealed = sealAccount(header, utf8('state'), newest, signerOf(alice.device))
const account = verifyAccount(sealed, alice.webId, keyOf)

describe('the account', () => {
  it('[A1] opens for a device and for the root, and holds the state', () => {
    for (const seeds of [alice.device, alice.root])
      expect(unwrapGenerations(account.header, seeds)).toEqual(generations)
    expect(openAccountState(account, newest)).toEqual(utf8('state'))
    expect(unsafeAccountHeader(sealed)).toEqual(account.header)
  })

  it('[A2] tells a device that is not of the vault apart from tampering', () => {
    expect(codeOf(() => unwrapGenerations(account.header, drawSeeds()))).toBe('wrong-unlock')
    const wraps = account.header.wraps.map(({ to }, i) => ({ to, sealed: account.header.wraps[1 - i]!.sealed }))
    expect(codeOf(() => unwrapGenerations({ ...account.header, wraps }, alice.device))).toBe('tampered')
  })

  it('[A3] is signed by an active device of its owner, for its owner', () => {
    expect(codeOf(() => verifyAccount(sealed, 'https://bob.example/#me', keyOf))).toBe('tampered')
    for (const signer of [alice.root, drawSeeds()]) {
      expect(
        codeOf(() => verifyAccount(sealAccount(header, utf8('state'), newest, signerOf(signer)), alice.webId, keyOf)),
      ).toBe('tampered')
    }
  })

  it('[A4] refuses older generations reordered, dropped, foreign, or more than there were', () => {
    const [one, two] = account.header.previous as [Uint8Array, Uint8Array]
    for (const previous of [
      [two, one],
      [one],
      [one, random(80)],
      [random(80), two],
      [one, one, two],
      [random(80), random(80), one, two],
    ]) {
      expect(codeOf(() => unwrapGenerations({ ...account.header, previous }, alice.device))).toBe('tampered')
    }
    expect(unwrapGenerations({ ...account.header, previous: [two] }, alice.device)).toEqual(generations.slice(1))
  })

  it('[A4] refuses, without any other error, a generation 0 that anybody can wrap to a known key', () => {
    const forged = { ...account.header, ...wrapGenerations(alice.webId, [drawGeneration(0)], [publicOf(alice.device)]) }
    expect(codeOf(() => unwrapGenerations({ ...forged, previous: [random(80)] }, alice.device))).toBe('tampered')
    expect(codeOf(() => unwrapGenerations(forged, alice.device))).toBe('tampered')
  })

  it('[P6] holds eight password slots, and no ninth', () => {
    const slot: PasswordSlot = {
      salt: random(16),
      passes: FLOOR.passes,
      memory: FLOOR.memory,
      owner: alice.webId,
      sealed: random(120),
    }
    const holding = (count: number) =>
      sealAccount(
        { ...header, slots: Array.from({ length: count }, () => slot) },
        utf8('state'),
        newest,
        signerOf(alice.device),
      )
    expect(verifyAccount(holding(8), alice.webId, keyOf).header.slots.length).toBe(8)
    expect(codeOf(() => holding(9))).toBe('usage')
  })

  it('[A5] keeps its state from older generations, and its header in one piece with it', () => {
    expect(codeOf(() => openAccountState(account, generations[0]!))).toBe('tampered')
    const other = verifyAccount(sealAccount(header, utf8('state'), newest, signerOf(alice.device)), alice.webId, keyOf)
    expect(codeOf(() => openAccountState({ ...account, headerBytes: other.headerBytes }, newest))).toBe('tampered')
    expect(other.header.sealId).not.toEqual(account.header.sealId) // E3
    expect(account.state.length % 8192).toBe(48)
  })
})
