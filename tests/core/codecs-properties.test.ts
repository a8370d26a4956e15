/** What client/core writes inside what crypto/ seals, signs or keeps: it comes back as it was, and has one spelling (O2, O5). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AlveoleError,
  decode,
  drawSeeds,
  encode,
  equal,
  fromBase64Url,
  rootId,
  toBase64Url,
  toHex,
  type Codec,
  type ErrorCode,
} from '#crypto'
import { memoryStore } from '#core'
import { decodeState, encodeState, type AccountState } from '../../client/core/account-state.ts'
import { announcement, type Announcement } from '../../client/core/announce.ts'
import { deviceKeys, keepSealed } from '../../client/core/device-keys.ts'
import { joinMac, readLink, writeLink, type Invitation } from '../../client/core/groups/link.ts'
import { request } from '../../client/core/groups/request.ts'
import { checkMark, nextCommit } from '../../client/core/marks.ts'
import { Me } from '../../client/core/me.ts'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { any8, anyCount, anyText, anyUint, anyVector, few } from '../crypto/arbitraries.ts'
import { respellings } from '../crypto/respell.ts'
import { any16, any32, anyBytes, codeOf, person } from '../crypto/support.ts'

const anyState: fc.Arbitrary<AccountState> = fc.record({
  secret: any32,
  collections: few(fc.record({ id: any16, name: anyText, created: anyUint })),
  grants: few(
    fc.record({
      id: any16,
      to: anyText,
      toKind: fc.constantFrom('person' as const, 'group' as const),
      collections: few(any16),
      facets: few(anyText),
      from: anyUint,
      until: anyUint,
      purpose: anyText,
      epochs: fc.constantFrom('all' as const, 'existing' as const, 'new' as const),
      held: few(fc.record({ collection: any16, epochs: few(any8) })),
      state: fc.constantFrom('giving' as const, 'live' as const, 'ending' as const, 'ended' as const),
      agreement: anyBytes(),
      given: anyUint,
      ended: fc.option(anyUint),
    }),
  ),
  groups: few(
    fc.record({
      url: anyText,
      id: any32,
      name: anyText,
      role: fc.constantFrom('steward' as const, 'member' as const, 'observer' as const),
      state: fc.constantFrom('pending' as const, 'member' as const, 'removed' as const),
      steward: anyText,
      stewardRoot: any32,
      invitations: few(fc.record({ id: any16, secret: any32 })),
      seen: few(any32),
    }),
  ),
  pins: few(fc.record({ webId: anyText, root: any32, confirmed: fc.boolean() })),
  checkpoints: few(fc.record({ collection: any16, vector: anyVector })),
  journal: few(fc.record({ at: anyUint, what: anyText, object: anyText, who: anyText })),
  received: few(fc.record({ grant: any16, owner: anyText, collections: few(anyText), at: anyUint })),
})
const anyAnnouncement: fc.Arbitrary<Announcement> = fc.record({
  owner: anyText,
  to: anyText,
  grant: any16,
  collections: few(fc.record({ id: any16, url: anyText })),
})
const anyRequest = fc.record({ group: any32, webId: anyText, root: any32, invitation: any16, mac: any32 })
const anyInvitation: fc.Arbitrary<Invitation> = fc.record({
  url: fc.webUrl(),
  name: anyText,
  group: any32,
  steward: anyText,
  root: any32,
  invitation: any16,
  secret: any32,
})

interface Format {
  name: string
  any: fc.Arbitrary<unknown>
  write(value: unknown): Uint8Array
  read(from: Uint8Array): unknown
  refusal: ErrorCode
}
const format = <T>(
  name: string,
  any: fc.Arbitrary<T>,
  of: Pick<Format, 'read'> & { write(value: T): Uint8Array },
): Format => ({
  name,
  any,
  write: value => of.write(value as T),
  read: of.read,
  refusal: 'tampered',
})
const coded = <T>(name: string, any: fc.Arbitrary<T>, codec: Codec<T>): Format =>
  format(name, any, { write: value => encode(codec, value), read: from => decode(codec, from) })
const MARK = '#join='
const fragment = (link: string): Uint8Array => fromBase64Url(link.slice(link.indexOf(MARK) + MARK.length))

const formats: Format[] = [
  format('account state', anyState, { write: encodeState, read: decodeState }),
  coded('announcement', anyAnnouncement, announcement),
  coded('join request', anyRequest, request),
  {
    ...format('invitation', anyInvitation, {
      write: value => fragment(writeLink(value)),
      read: from => readLink(`https://app.example/${MARK}${toBase64Url(from)}`),
    }),
    refusal: 'usage',
  },
]

/** One item somewhere in it replaced by another. */
const replaced = (item: Item, path: readonly number[], by: Item): Item => {
  if (!Array.isArray(item) || !item.length || !path.length) return by
  const at = path[0]! % item.length
  return (item as Item[]).with(at, replaced((item as Item[])[at]!, path.slice(1), by))
}
const anyItem: fc.Arbitrary<Item> = fc.oneof(
  anyUint,
  anyText,
  anyBytes(),
  fc.boolean(),
  fc.constant(null),
  few(anyUint),
)

describe.each(formats)('$name', ({ any, write, read, refusal }) => {
  test('[O2] comes back as it was written', () => {
    fc.assert(
      fc.property(any, value => {
        expect(read(write(value))).toEqual(value)
      }),
    )
  })

  test('[O2] is refused in any other spelling', () => {
    fc.assert(
      fc.property(any, value => {
        for (const [name, other] of respellings(write(value)))
          expect([name, codeOf(() => read(other))]).toEqual([name, refusal])
      }),
      { numRuns: 6 },
    )
  })

  test('[O2] [O5] with other values in it, either is refused or is what would be written', () => {
    fc.assert(
      fc.property(any, fc.array(fc.nat(50), { maxLength: 4 }), anyItem, (value, path, by) => {
        const other = encodeCbor(replaced(decodeCbor(write(value)), path, by))
        let found: unknown = null
        const code = codeOf(() => (found = read(other)))
        expect(['no error', refusal]).toContain(code)
        if (code === 'no error') expect(toHex(write(found))).toBe(toHex(other))
      }),
      { numRuns: 300 },
    )
  })
})

describe('an invitation', () => {
  test('[A5] is one under any page’s address, and with blanks around it', () => {
    fc.assert(
      fc.property(anyInvitation, fc.webUrl(), (of, page) => {
        const link = writeLink(of)
        expect(readLink(`  ${page}${link.slice(link.indexOf(MARK))} \n`)).toEqual(of)
      }),
    )
  })

  test('[A5] is refused cut short, and from any other text', () => {
    fc.assert(
      fc.property(anyInvitation, fc.nat(400), fc.string(), (of, less, text) => {
        const link = writeLink(of)
        const cut = link.slice(0, Math.max(0, link.length - 1 - less))
        for (const other of [cut, text, `${MARK}${text}`]) expect(codeOf(() => readLink(other))).toBe('usage')
      }),
    )
  })

  test('[A10] gives another code to every secret, group, person and root', () => {
    fc.assert(
      fc.property(any32, any32, anyText, any32, fc.nat(31), (secret, group, webId, root, at) => {
        const changed = (of: Uint8Array) => of.with(at, of[at]! ^ 1)
        const macs = [
          joinMac(secret, group, webId, toHex(root)),
          joinMac(changed(secret), group, webId, toHex(root)),
          joinMac(secret, changed(group), webId, toHex(root)),
          joinMac(secret, group, `${webId}x`, toHex(root)),
          joinMac(secret, group, webId, toHex(changed(root))),
        ]
        expect(new Set(macs.map(toHex)).size).toBe(macs.length)
      }),
    )
  })
})

/** Anything that this device kept, respelled, is refused when it is read again. */
async function refusesRespelled(
  key: string,
  kept: Uint8Array,
  use: (store: ReturnType<typeof memoryStore>) => Promise<unknown>,
) {
  for (const [name, other] of respellings(kept)) {
    const store = memoryStore()
    await store.set(key, other)
    const code = await use(store).then(
      () => 'no error',
      (error: unknown) => (error instanceof AlveoleError ? error.code : error),
    )
    expect([name, code]).toEqual([name, 'tampered'])
  }
}

describe('what a device keeps', () => {
  const URL = 'https://pod.example/head.alv'

  test('[H5] a mark is the state it was made of, and has one spelling', async () => {
    await fc.assert(
      fc.asyncProperty(anyVector, any32, async (vector, hash) => {
        const store = memoryStore()
        await checkMark(store, URL, { vector, hash })
        await checkMark(store, URL, { vector, hash })
        const kept = (await store.get(`seen ${URL}`))!
        expect(toHex(kept)).toBe(
          toHex(encodeCbor([vector.map(({ device, commits, last }) => [device, commits, last]), hash])),
        )
        await refusesRespelled(`seen ${URL}`, kept, other => checkMark(other, URL, { vector, hash }))
      }),
      { numRuns: 15 },
    )
  })

  test('[H6] no count is given twice, whatever was known', async () => {
    const known = few(fc.tuple(anyVector, fc.integer({ min: 1, max: 5 })), 8)
    await fc.assert(
      fc.asyncProperty(known, any16, async (asked, device) => {
        const store = memoryStore()
        let last = 0
        for (const [vector, commits] of asked) {
          const others = vector.filter(row => !equal(row.device, device))
          const next = await nextCommit(store, URL, [...others, { device, commits, last: new Uint8Array(32) }], device)
          expect(next).toBe(Math.max(last, commits) + 1)
          last = next
        }
      }),
    )
  })

  test('[H6] a counter has one spelling', async () => {
    await fc.assert(
      fc.asyncProperty(anyCount, async commits => {
        await refusesRespelled(`commits ${URL}`, encodeCbor([commits]), other =>
          nextCommit(other, URL, [], new Uint8Array(16)),
        )
      }),
      { numRuns: 15 },
    )
  })

  test('[D1] the keys of a device come back as they were kept, and have one spelling', async () => {
    const { identity, webId } = person('alice')
    const seal = { seal: async (plain: Uint8Array) => plain, open: async (sealed: Uint8Array) => sealed }
    const seeds = drawSeeds()
    const store = memoryStore()
    await keepSealed(store, new Me(identity, seeds, []), seal)
    expect(await deviceKeys(store, webId, { seal })).toEqual({ ...seeds, root: rootId(identity) })
    await refusesRespelled('device sealed', (await store.get('device sealed'))!, other =>
      deviceKeys(other, webId, { seal }),
    )
  })
})
