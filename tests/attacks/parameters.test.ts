/** Downgrades: another version, another type, an older generation, cheaper passwords. There is one suite and no way back. */
import { beforeAll, describe, expect, test } from 'vitest'
import { openVault } from '#core'
import { FLOOR, label, openPasswordSlot, random, signBytes, unsafeAccountHeader, unsafeUnverified } from '#crypto'
import type { PasswordSlot, Signer } from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { open } from '../../client/core/open.ts'
import { accountUrl } from '../../client/core/paths.ts'
import { openSeal, passwordOf, savedStore, world, type Member, type World } from '../core/world.ts'
import { takeOver, type Host } from '../hostile-pod.ts'
import { everyKind, type Kept } from './objects.ts'
import { orCode } from './shown.ts'

const tampered = { code: 'tampered' }
const MiB = 1024 * 1024

describe('[A4]', () => {
  let kinds: Kept[]
  beforeAll(async () => void (kinds = await everyKind()))
  const codeOf = ({ read }: Kept, bytes: Uint8Array) => orCode(async () => read(bytes))

  test('no other version is read, of any kind of object, whatever the byte that says it', async () => {
    for (const one of kinds.filter(({ kind }) => kind !== 'grant page')) {
      const at = versionIn(one)
      for (let value = 0; value < 256; value++) {
        const altered = one.bytes.slice()
        if (altered[at] === value) continue
        altered[at] = value
        expect([one.kind, value, await codeOf(one, altered)]).toEqual([one.kind, value, tampered])
      }
    }
  })

  const uses = { account: label.account, head: label.head, 'group head': label.groupHead }

  test.each(Object.entries(uses))(
    'a %s of another version or type is refused though its owner’s own device signed it',
    async (kind, use) => {
      const one = kinds.find(candidate => candidate.kind === kind)!
      const { signed } = unsafeUnverified(one.bytes)
      const [head, ...parts] = decodeCbor(signed) as [Uint8Array, ...Item[]]
      const [version, type, ...rest] = decodeCbor(head) as [number, string, ...Item[]]
      const sign = (start: Item[]) =>
        signBytes(one.signer!, use, encodeCbor([encodeCbor([...start, ...rest]), ...parts]))
      expect(await codeOf(one, sign([version, type]))).toBe(await one.read(one.bytes))
      const others: Item[][] = [
        [0, type],
        [2, type],
        [String(version), type],
        [null, type],
        [version, 'segment'],
        [version, ''],
        [version, `${type} `],
        [type],
      ]
      for (const start of others) expect([start, await codeOf(one, sign(start))]).toEqual([start, tampered])
    },
  )
})

/** Where the first field of the header stands, after the frames around it: 1, then the text of a type; of a log entry, 1, then index 0. */
function versionIn({ kind, bytes }: Kept): number {
  const at = bytes.findIndex(
    (byte, i) => byte === 1 && (kind === 'identity' ? bytes[i + 1] === 0 : bytes[i + 1]! >> 5 === 3),
  )
  expect(at, kind).toBeGreaterThan(0)
  expect(at, kind).toBeLessThan(20)
  return at
}

describe('[A20] a password slot', () => {
  let around: World
  let host: Host
  let alice: Member
  let slot: PasswordSlot
  beforeAll(async () => {
    around = world()
    host = takeOver(around.server, around.clock)
    alice = await around.member('alice')
    slot = unsafeAccountHeader(host.files.get(url())!.body).slots[0]!
  })
  const url = () => accountUrl(alice.around.pod.storage)
  const unlock = (password: string) =>
    orCode(() => openVault({ ...alice.around, store: savedStore() }, { password }).then(() => 'open'))

  test('out of bounds is refused before any work, whichever parameter and however far', async () => {
    const passes = [0, 1, 2, 17, 2 ** 32, Number.MAX_SAFE_INTEGER].map(value => ({ ...slot, passes: value }))
    const memory = [0, 8, 8 * MiB, FLOOR.memory - 1, 1024 * MiB + 1, Number.MAX_SAFE_INTEGER].map(value => ({
      ...slot,
      memory: value,
    }))
    for (const cheap of [...passes, ...memory]) {
      // the work done, the same bytes would be told as a wrong password
      const got = await orCode(() => openPasswordSlot(passwordOf('alice'), alice.vault.owner, cheap))
      expect([cheap.passes, cheap.memory, got]).toEqual([cheap.passes, cheap.memory, tampered])
    }
  })

  test('answers a wrong password, other bytes and somebody else’s slot alike; nothing is written', async () => {
    const bobs = (await around.member('bob')).around.pod.storage
    const theirs = unsafeAccountHeader(host.files.get(accountUrl(bobs))!.body).slots[0]!
    const { me } = await open(alice.around, { seal: openSeal })
    const honest = host.files.get(url())!.body
    const before = new Map(host.files)
    const answers = [await unlock('wrong')]
    for (const other of [{ ...slot, sealed: random(slot.sealed.length) }, { ...slot, salt: random(16) }, theirs]) {
      host.replace(url(), withSlot(honest, other, me.signer))
      answers.push(await unlock(passwordOf('alice')))
    }
    for (const answer of answers) expect(answer).toEqual({ code: 'wrong-unlock' })
    host.putBack(before)
    expect(await unlock(passwordOf('alice'))).toBe('open')
  })

  test('cheaper than the floor lets nobody in, though the account that has it is signed', async () => {
    const { me } = await open(alice.around, { seal: openSeal })
    const honest = host.files.get(url())!.body
    host.replace(url(), withSlot(honest, { ...slot, passes: 1 }, me.signer))
    expect(await unlock(passwordOf('alice'))).toEqual(tampered)
  })
})

/** The account with this slot alone, signed again: more than a host could do. */
function withSlot(account: Uint8Array, slot: PasswordSlot, signer: Signer): Uint8Array {
  const [head, state] = decodeCbor(unsafeUnverified(account).signed) as [Uint8Array, Uint8Array]
  const fields = decodeCbor(head) as Item[]
  const written = [slot.salt, slot.passes, slot.memory, slot.owner, slot.sealed]
  return signBytes(signer, label.account, encodeCbor([encodeCbor([...fields.slice(0, -1), [written]]), state]))
}
