import { describe, expect, it } from 'vitest'
import {
  decodePasswordSlot,
  drawSeeds,
  encodePasswordSlot,
  FLOOR,
  isCode,
  openPasswordSlot,
  POD_SLOT,
  sealPasswordSlot,
  type PasswordSlot,
} from '#crypto'

const owner = 'https://alice.example/#me'
const seeds = drawSeeds()
const root = 'ab'.repeat(32)
const codeOf = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    await run()
    return 'no error'
  } catch (error) {
    if (isCode(error, 'tampered', 'wrong-unlock')) return error.code
    throw error
  }
}

describe('password slots', () => {
  it('[P1] opens with the password however it was typed, [P4] with the root that it belongs to', async () => {
    const slot = await sealPasswordSlot('é mot de passe ﬁn', owner, { ...seeds, root }, FLOOR)
    expect(decodePasswordSlot(encodePasswordSlot(slot))).toEqual(slot)
    expect(await openPasswordSlot('e\u0301 mot de passe fin', owner, slot)).toEqual({ ...seeds, root })
  })

  it('[P5] answers wrong-unlock to a wrong password, another owner, another salt and altered bytes alike', async () => {
    const slot = await sealPasswordSlot('secret', owner, { ...seeds, root }, FLOOR)
    const altered: [string, string, PasswordSlot][] = [
      ['Secret', owner, slot],
      ['secret', 'https://bob.example/#me', slot],
      ['secret', owner, { ...slot, salt: new Uint8Array(16) }],
      ['secret', owner, { ...slot, passes: 4 }],
      ['secret', owner, { ...slot, sealed: slot.sealed.slice(1) }],
    ]
    for (const [password, whose, of] of altered)
      expect(await codeOf(() => openPasswordSlot(password, whose, of))).toBe('wrong-unlock')
  })

  it('[P2] costs 256 MiB and 3 passes, on a device 64 MiB at least; [P3] 16 passes at most', async () => {
    expect(POD_SLOT).toEqual({ memory: 268_435_456, passes: 3 })
    expect(FLOOR).toEqual({ memory: 67_108_864, passes: 3 })
    const slot = await sealPasswordSlot('secret', owner, { ...seeds, root }, { ...FLOOR, passes: 16 })
    expect(slot).toMatchObject({ passes: 16, memory: 67_108_864, owner })
    expect(await openPasswordSlot('secret', owner, slot)).toEqual({ ...seeds, root })
  })

  const slot: PasswordSlot = {
    salt: new Uint8Array(16),
    passes: 3,
    memory: FLOOR.memory,
    owner,
    sealed: new Uint8Array(120),
  }
  it.each([
    ['[P2] less memory', { memory: FLOOR.memory - 1 }],
    ['[P2] no memory', { memory: 0 }],
    ['[P2] fewer passes', { passes: 2 }],
    ['[P3] memory without end', { memory: 2 ** 40 }],
    ['[P3] a pass more than one may ask', { passes: 17 }],
    ['[P3] passes without end', { passes: 2 ** 31 }],
    ['[P3] more than one may ask', { memory: 1024 * 1024 * 1024 + 1 }],
  ])('%s is refused', async (_, more) => {
    expect(await codeOf(() => openPasswordSlot('secret', owner, { ...slot, ...more }))).toBe('tampered')
    expect(
      await codeOf(() =>
        sealPasswordSlot('secret', owner, { ...seeds, root }, { memory: FLOOR.memory, passes: 3, ...more }),
      ),
    ).toBe('tampered')
  })
})
