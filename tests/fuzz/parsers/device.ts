/** What a device keeps between openings: nobody else writes there, but disks fail and versions change. */
import { decode, encode, encodeIdentity, openIdentity, type Codec } from '#crypto'
import { memoryStore, type Store } from '#core'
import { folderInUse } from '../../../client/core/blobs/folders.ts'
import { noted } from '../../../client/core/collections/deletions.ts'
import { garbageSeen } from '../../../client/core/collections/garbage.ts'
import { deviceKeys, keepSealed } from '../../../client/core/device-keys.ts'
import { suspension } from '../../../client/core/grants/confirmation.ts'
import { standing } from '../../../client/core/groups/left-out.ts'
import { groupSeen } from '../../../client/core/groups/read-log.ts'
import { renewal } from '../../../client/core/groups/renew-tree.ts'
import { tidied } from '../../../client/core/groups/tidy-group.ts'
import { checkMark, nextCommit } from '../../../client/core/marks.ts'
import { Me } from '../../../client/core/me.ts'
import { pending } from '../../../client/core/recovery.ts'
import { since } from '../../../client/core/since.ts'
import { person } from '../../crypto/support.ts'
import { canonical, plain, type Parser } from '../parser.ts'

const URL = 'https://a.example/head.alv'
const [id, hash] = [new Uint8Array(16), new Uint8Array(32)]
const seen = { vector: [{ device: id, commits: 2, last: hash }], hash }
const alice = person('alice')
const seal = { seal: async (plain: Uint8Array) => plain, open: async (sealed: Uint8Array) => sealed }

/** What stands under `key` after `keep`. */
async function kept(key: string, keep: (store: Store) => Promise<unknown>): Promise<Uint8Array> {
  const store = memoryStore()
  await keep(store)
  return (await store.get(key))!
}
/** `use` of a device that keeps these bytes. */
const keeping = (key: string, use: (store: Store) => Promise<unknown>) => async (bytes: Uint8Array) => {
  const store = memoryStore()
  await store.set(key, bytes)
  await use(store)
}

const coded = <T>(name: string, codec: Codec<T>, ...values: T[]): Parser =>
  canonical(
    name,
    values.map(value => encode(codec, value)),
    bytes => encode(codec, decode(codec, bytes)),
  )
const unnamed = [
  { name: 'a', since: 5 },
  { name: 'b', since: 7_000_000_000 },
]

const begun = { steward: hash, tree: hash, without: [id], at: 5 }

export const ofTheDevice: readonly Parser[] = [
  coded('garbage seen', garbageSeen, { at: 9, unnamed, gone: unnamed.slice(1) }),
  coded('folder in use', folderInUse, { folder: id, taken: 31 }),
  coded('to delete', noted, [{ collection: id, paths: ['a.alv', 'b/c.alv'] }]),
  coded('seen since', since, unnamed),
  coded('circle tidied', tidied, { at: 1_700_000_000_000 }),
  coded('grants to confirm', suspension, { grants: [id, id], confirmed: false }, { grants: null, confirmed: true }),
  coded('standing', standing, { epoch: 3, stewards: ['https://a.example/#me'] }),
  coded('circle seen', groupSeen, { index: 7, hash }),
  coded('renewal begun', renewal, { ...begun, done: [null, { child: null }, { child: { sealId: id, hash } }] }),
  coded('kit', pending, { secret: hash }),
  plain(
    'mark',
    [await kept(`seen ${URL}`, store => checkMark(store, URL, seen))],
    keeping(`seen ${URL}`, store => checkMark(store, URL, seen)),
  ),
  plain(
    'commits',
    [await kept(`commits ${URL}`, store => nextCommit(store, URL, [], id))],
    keeping(`commits ${URL}`, store => nextCommit(store, URL, [], id)),
  ),
  plain(
    'device keys',
    [await kept('device sealed', store => keepSealed(store, new Me(alice.identity, alice.device, []), seal))],
    keeping('device sealed', store => deviceKeys(store, alice.webId, { seal })),
  ),
  canonical('identity kept', [encodeIdentity(alice.identity)], bytes => encodeIdentity(openIdentity(bytes))),
]
