/** A server's disk read with a member's own keys, past the product's ways: the account, heads, and what nothing leads to. */
import {
  deviceKey,
  fromBase64Url,
  manifestKey,
  openAccountState,
  openIdentity,
  openManifest,
  openManifestPage,
  openOwnerPart,
  toBase64Url,
  unsafeAccountHeader,
  unsafeHeadHeader,
  unwrapGenerations,
  verifyAccount,
  verifyHead,
  type EpochKey,
  type Manifest,
  type OwnerPart,
  type SignedHead,
} from '#crypto'
import { isBlob, type BlobRef } from '#core'
import { decodeState, type AccountState } from '../../client/core/account-state.ts'
import { deviceKeys } from '../../client/core/device-keys.ts'
import {
  accountPagesUrl,
  accountUrl,
  collectionUrl,
  headUrl,
  identityUrl,
  inboxUrl,
  objectUrl,
  vaultRoot,
} from '../../client/core/paths.ts'
import { catalogueNames, catalogueUrl } from '../../client/core/feed/catalogue.ts'
import { namesOf } from '../../client/core/groups/group-objects.ts'
import { partsOf } from '../../client/core/vault.ts'
import { openSeal, reopen, type Member, type World } from '../core/world.ts'

export interface Disk {
  account: AccountState
  openHead(bytes: Uint8Array): { head: SignedHead; owner: OwnerPart; manifest: Manifest }
}

const bodyOf = ({ server }: World, url: string): Uint8Array => server.files.get(url)!.body

export async function diskOf(world: World, { around: { pod, store } }: Member): Promise<Disk> {
  const identity = openIdentity(bodyOf(world, identityUrl(pod.storage)))
  const keyOf = (signer: Uint8Array) => deviceKey(identity, signer)
  const body = bodyOf(world, accountUrl(pod.storage))
  const generations = unwrapGenerations(
    unsafeAccountHeader(body),
    (await deviceKeys(store, pod.webId, { seal: openSeal }))!,
  )
  return {
    account: decodeState(openAccountState(verifyAccount(body, pod.webId, keyOf), generations.at(-1)!)),
    openHead(bytes) {
      const head = verifyHead(bytes, pod.webId, unsafeHeadHeader(bytes).collection, keyOf)
      const owner = openOwnerPart(head, generations.find(({ number }) => number === head.header.generation)!.key)
      const epoch = owner.epochs.find(({ id }) => toBase64Url(id) === toBase64Url(head.header.epoch))!
      return { head, owner, manifest: openManifest(head, manifestKey(epoch.key as EpochKey)) }
    },
  }
}

/** Addresses of what stands in these members' pods and nothing leads to. */
export async function unreachable(world: World, members: readonly Member[]): Promise<string[]> {
  const isTheirs = (url: string): boolean => members.some(({ around }) => url.startsWith(around.pod.storage))
  const lead = (await Promise.all(members.map(member => ledFrom(world, member)))).flat()
  const exact = new Set(lead.filter(url => !url.endsWith('/')))
  const folders = lead.filter(url => url.endsWith('/'))
  return [...world.server.files.keys()].filter(
    url =>
      isTheirs(url) &&
      !exact.has(url.replace(/\.acl$/, '')) &&
      !exact.has(url) &&
      !folders.some(folder => url.startsWith(folder)),
  )
}

/** Where one gets from the account; with a slash at the end: whatever stands in it, since its reader lists it. */
async function ledFrom(world: World, member: Member): Promise<string[]> {
  const { storage } = member.around.pod
  const disk = await diskOf(world, member)
  const heads = [...disk.account.collections, ...disk.account.selections]
  const collections = await Promise.all(heads.map(({ id }) => ledFromHead(world, member, disk, id)))
  const stewarded = disk.account.groups.filter(({ role }) => role === 'steward')
  const groups = await Promise.all(stewarded.map(({ url }) => ledFromGroup(world, member, url)))
  const pages = disk.account.pages.map(({ sealId }) => objectUrl(accountPagesUrl(storage), sealId))
  const root = [...pages, `${vaultRoot(storage)}.acl`, identityUrl(storage), accountUrl(storage), inboxUrl(storage)]
  return [...root, ...collections.flat(), ...groups.flat()]
}

async function ledFromHead(world: World, member: Member, { openHead }: Disk, id: Uint8Array): Promise<string[]> {
  const { pod } = member.around
  const container = collectionUrl(pod.storage, id)
  const url = headUrl(container)
  if (!world.server.files.has(url)) return [`${container}.acl`]
  const { head, owner, manifest } = openHead(bodyOf(world, url))
  const pages = manifest.pages.flatMap(({ sealId, key }) =>
    openManifestPage(bodyOf(world, objectUrl(container, sealId)), pod.webId, id, key),
  )
  const { keyring } = head.header
  const runs = owner.index.runs.map(({ run }) => run)
  const named = [...manifest.pages, ...pages, ...manifest.segments, ...runs, ...(keyring ? [keyring] : [])]
  const parts = await blobPartsOf(member, toBase64Url(id))
  return [
    `${container}.acl`,
    url,
    ...named.map(({ sealId }) => objectUrl(container, sealId)),
    ...parts.map(part => container + part),
  ]
}

async function blobPartsOf(member: Member, collection: string): Promise<string[]> {
  const records = await Array.fromAsync((await reopen(member)).records.query({ collection: collection as never }))
  const blobs = records.flatMap(({ value }) => Object.values(value).filter(isBlob) as unknown[] as BlobRef[])
  return blobs.flatMap(({ parts }) =>
    (parts ?? []).map(({ folder, name }) => objectUrl(`${folder}/`, fromBase64Url(name))),
  )
}

/** Requests lead to whoever waits to be admitted, if anybody does. */
async function ledFromGroup({ server }: World, steward: Member, url: string): Promise<string[]> {
  const document = [...server.files.keys()].filter(one => one.startsWith(`${url}members-`))
  const vault = await reopen(steward)
  const members = await vault.groups.members(url as never)
  const open = await partsOf(vault).groups.opened(url)
  const named = [...(await namesOf(open)), ...(await catalogueNames(steward.around, open))].map(name => url + name)
  const inbox = members.some(({ state }) => state === 'pending') ? `${url}inbox/` : `${url}inbox/.acl`
  return [`${url}.acl`, headUrl(url), catalogueUrl(url), inbox, `${url}feed/`, `${url}consents/`, ...document, ...named]
}
