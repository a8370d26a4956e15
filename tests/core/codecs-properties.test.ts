/** What client/core writes inside what crypto/ seals, signs or keeps: it comes back as it was, and has one spelling (O2, O5). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode, fromBase64Url, toBase64Url, toHex, type Codec, type ErrorCode } from '#crypto'
import {
  decodeHistory,
  decodeState,
  encodeHistory,
  encodeState,
  type AccountState,
} from '../../client/core/account-state.ts'
import { announcement, type Announcement } from '../../client/core/announce.ts'
import { folderInUse } from '../../client/core/blobs/folders.ts'
import { noted } from '../../client/core/collections/deletions.ts'
import { garbageSeen } from '../../client/core/collections/garbage.ts'
import { suspension } from '../../client/core/grants/confirmation.ts'
import { standing } from '../../client/core/groups/left-out.ts'
import { groupUrl } from '../../client/core/paths.ts'
import { leaveRequest } from '../../client/core/groups/leave-request.ts'
import { joinMac, readLink, writeLink, type Invitation } from '../../client/core/groups/link.ts'
import { groupSeen } from '../../client/core/groups/read-log.ts'
import { renewal } from '../../client/core/groups/renew-tree.ts'
import { request } from '../../client/core/groups/request.ts'
import { tidied } from '../../client/core/groups/tidy-group.ts'
import { pending } from '../../client/core/recovery.ts'
import { since, type Since } from '../../client/core/since.ts'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { any8, anyText, anyUint, anyVector, few } from '../crypto/arbitraries.ts'
import { respellings } from '../crypto/respell.ts'
import { any16, any32, anyBytes, codeOf } from '../crypto/support.ts'

const anyNewest = fc.record({
  record: any16,
  kind: anyText,
  modified: anyUint,
  facets: few(anyText),
  said: anyText,
})
const anyGrants = few(
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
    signed: anyUint,
    behind: few(any16),
  }),
)
const anyLines = few(fc.record({ at: anyUint, what: anyText, object: anyText, who: anyText }))
const anyConsents = few(
  fc.record({
    offer: any16,
    group: anyText,
    version: any32,
    status: fc.constantFrom('given' as const, 'refused' as const, 'withdrawn' as const),
    grant: fc.option(any16),
    at: anyUint,
    narrowed: fc.boolean(),
    told: fc.constantFrom('never' as const, 'waiting' as const, 'told' as const),
    record: anyBytes(),
    text: anyBytes(),
  }),
)
const anyState: fc.Arbitrary<AccountState> = fc.record({
  secret: any32,
  collections: few(fc.record({ id: any16, name: anyText, created: anyUint })),
  selections: few(
    fc.record({
      id: any16,
      created: anyUint,
      follows: fc.boolean(),
      pseudonyms: fc.option(any32),
      kept: fc.boolean(),
      facets: few(anyText),
      originals: few(fc.record({ collection: any16, records: few(any16) })),
      state: fc.constantFrom('making' as const, 'standing' as const, 'ending' as const),
    }),
  ),
  grants: anyGrants,
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
      seen: fc.option(fc.record({ index: anyUint, hash: any32 })),
    }),
  ),
  pins: few(fc.record({ webId: anyText, root: any32, confirmed: fc.boolean() })),
  checkpoints: few(
    fc.record({
      collection: any16,
      vector: anyVector,
      rows: few(anyNewest),
      more: fc.boolean(),
      holders: few(any16),
    }),
  ),
  journal: anyLines,
  consents: anyConsents,
  received: few(fc.record({ grant: any16, owner: anyText, collections: few(anyText), at: anyUint })),
  pages: few(fc.record({ sealId: any16, hash: any32, size: anyUint, key: any32 })),
  devices: few(fc.record({ id: any16, name: anyText })),
  leaving: few(any16),
})
const anyAnnouncement: fc.Arbitrary<Announcement> = fc.record({
  owner: anyText,
  to: anyText,
  grant: any16,
  at: anyUint,
  until: anyUint,
  collections: few(fc.record({ id: any16, url: anyText })),
})
const anyRequest = fc.record({ group: any32, webId: anyText, root: any32, invitation: any16, mac: any32 })
const anySince: fc.Arbitrary<Since> = few(fc.record({ name: anyText, since: anyUint }))
const anyInvitation: fc.Arbitrary<Invitation> = fc.record({
  url: any16.map(id => groupUrl('https://pod.example/ann/', id)),
  name: anyText,
  group: any32,
  steward: anyText,
  root: any32,
  invitation: any16,
  secret: any32,
  seen: fc.record({ index: anyUint, hash: any32 }),
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
  format('account page', fc.record({ grants: anyGrants, journal: anyLines, consents: anyConsents }), {
    write: encodeHistory,
    read: decodeHistory,
  }),
  coded('announcement', anyAnnouncement, announcement),
  coded('join request', anyRequest, request),
  coded('leave request', fc.record({ group: any32, webId: anyText }), leaveRequest),
  {
    ...format('invitation', anyInvitation, {
      write: value => fragment(writeLink(value)),
      read: from => readLink(`https://app.example/${MARK}${toBase64Url(from)}`),
    }),
    refusal: 'usage',
  },
  coded('what was garbage when', fc.record({ at: anyUint, unnamed: anySince, gone: anySince }), garbageSeen),
  coded('where parts go', fc.record({ folder: any16, taken: anyUint }), folderInUse),
  coded('what is to be deleted', few(fc.record({ collection: any16, paths: few(anyText) })), noted),
  coded('since when something stands so', anySince, since),
  coded('when a circle was tidied', fc.record({ at: anyUint }), tidied),
  coded('grants to confirm', fc.record({ grants: fc.option(few(any16)), confirmed: fc.boolean() }), suspension),
  coded('the standing of a circle', fc.record({ epoch: anyUint, stewards: few(anyText) }), standing),
  coded('what was seen of a circle', fc.record({ index: anyUint, hash: any32 }), groupSeen),
  coded(
    'a renewal that was begun',
    fc.record({
      steward: any32,
      tree: any32,
      without: few(any16),
      at: anyUint,
      done: few(fc.option(fc.record({ child: fc.option(fc.record({ sealId: any16, hash: any32 })) }))),
    }),
    renewal,
  ),
  coded('a kit to be tested', fc.record({ secret: any32 }), pending),
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
