/** Downgrades: another version, another type, an older generation, cheaper passwords. There is one suite and no way back. */
import { beforeAll, describe, expect, test } from 'vitest'
import { openVault } from '#core'
import { concat, FLOOR, label, openPasswordSlot, random, signBytes, toHex, utf8 } from '#crypto'
import { unsafeAccountHeader, unsafeUnverified, type PasswordSlot, type Signer } from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { open } from '../../client/core/open.ts'
import { accountUrl } from '../../client/core/paths.ts'
import { openSeal, passwordOf, savedStore, world, type Member, type World } from '../core/world.ts'
import { takeOver, type Host } from '../hostile-pod.ts'
import { patience, stride, thorough } from './effort.ts'
import { headersOf, type Header } from './header.ts'
import { digest, readings, type Kept } from './kept.ts'
import { everyKind } from './objects.ts'
import { orCode } from './shown.ts'

const tampered = { code: 'tampered' }
const MiB = 1024 * 1024

describe('[A4]', async () => {
  const kinds = await everyKind()
  const withHeader = kinds.flatMap(one =>
    headersOf(one.kind, one.bytes).map(header => ({ kind: one.kind, one, header })),
  )
  const codeOf = ({ read }: Kept, bytes: Uint8Array) => orCode(async () => read(bytes))

  test('of every kind that is stored for itself there is one with a header', () => {
    const inside = [
      'grant page',
      'password slot',
      'join request',
      'leave request',
      'announcement',
      'feed lines',
      'agreement',
      'consent',
    ]
    const wraps = ['generation', 'generation before', 'group epoch before']
    const without = kinds.map(({ kind }) => kind).filter(kind => !withHeader.some(one => one.kind === kind))
    expect(without.sort()).toEqual([...inside, ...wraps].sort())
  })

  test.each(withHeader)('no other byte stands anywhere in the header: $kind', patience, async ({ one, header }) => {
    const start = header.at + 1 + encodeCbor(header.fields[0]!).length + encodeCbor(header.fields[1]!).length // version, type
    const found = await readings(one, function* () {
      for (
        let at = header.at;
        at < header.at + header.bytes.length;
        at += at < start || !isLong(header) ? 1 : stride(31)
      )
        for (const value of at < start || (thorough && !isLong(header)) ? allBytes : someBytes(one.bytes[at]!)) {
          const altered = one.bytes.slice()
          altered[at] = value
          if (value !== one.bytes[at]) yield [[at, value], altered]
        }
    })
    expect(found).toMatchObject({ codes: ['tampered'], read: [] })
    expect(found.absent).toBeLessThanOrEqual(one.kind === 'group message' ? 255 : 0) // another epoch's
    expect(found.tries).toBeGreaterThan(255 * (start - header.at) - 1)
  })

  test.each(withHeader)(
    'no field of the header has another value, form or place: $kind',
    patience,
    async ({ one, header }) => {
      const found = await readings(one, function* () {
        for (const [at, field] of header.fields.entries())
          for (const other of others(field)) yield [[at, other], header.replacedBy(header.fields.with(at, other))]
        for (const at of header.fields.keys())
          yield [['without', at], header.replacedBy(header.fields.toSpliced(at, 1))]
        yield ['one more', header.replacedBy([...header.fields, 0])]
      })
      expect(found).toMatchObject({ codes: ['tampered'], read: [] })
      expect(found.absent).toBeLessThanOrEqual(one.kind === 'group message' ? others(1).length : 0)
      expect(found.tries).toBeGreaterThan(20)
    },
  )

  const uses = {
    account: label.account,
    head: label.head,
    'group head': label.groupHead,
    catalogue: label.catalogueHead,
  }

  test.each(Object.entries(uses))(
    'a %s of another version, type or form is refused though its owner’s own device signed it',
    async (kind, use) => {
      const one = kinds.find(candidate => candidate.kind === kind)!
      const { signed } = unsafeUnverified(one.bytes)
      const [head, ...parts] = decodeCbor(signed) as [Uint8Array, ...Item[]]
      const fields = decodeCbor(head) as Item[]
      const sign = (all: Item[]) => signBytes(one.signer!, use, encodeCbor([encodeCbor(all), ...parts]))
      expect(await codeOf(one, sign(fields))).toBe(await one.read(one.bytes))
      const starts: Item[][] = [
        [0, kind],
        [2, kind],
        ['1', kind],
        [null, kind],
        [1, 'segment'],
        [1, ''],
        [1, `${kind} `],
        [1],
      ]
      const changed = [
        ...starts.map(start => [...start, ...fields.slice(2)]),
        ...fields.map((_, at) => fields.toSpliced(at, 1)),
        ...fields.map((_, at) => fields.with(at, false)),
        [...fields, 0],
      ]
      for (const all of changed) expect([all, await codeOf(one, sign(all))]).toEqual([all, tampered])
    },
  )
})

const allBytes = Array.from({ length: 256 }, (_, value) => value)
const someBytes = (byte: number): number[] => [0, 255, (byte + 1) & 255, byte ^ 0x20, byte ^ 0x80]
/** With kilobytes of keys or wraps in it. */
const isLong = ({ bytes }: Header): boolean => bytes.length > 500

/** In a field's place: values close by and far off, the empty and the long, and what is of another kind. */
function others(field: Item): Item[] {
  const strange: Item[] = [null, true, [], [field], '', new Uint8Array(), 0]
  return [...ofItsKind(field), ...strange].filter(other => digest(other) !== digest(field))
}

function ofItsKind(field: Item): Item[] {
  if (typeof field === 'number')
    return [field + 1, Math.max(0, field - 1), field * 2 + 1, 255, 2 ** 32, Number.MAX_SAFE_INTEGER, String(field)]
  if (typeof field === 'string') return [`${field} `, field.slice(1), field.toUpperCase(), utf8(field)]
  if (field instanceof Uint8Array)
    return [field.slice(1), concat(field, field), new Uint8Array(field.length), toHex(field)]
  return Array.isArray(field) ? [field.slice(1), [...field, ...field]] : []
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
