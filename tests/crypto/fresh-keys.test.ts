/**
 * E3 over many seals of the same input: a commitment comes out of the same derivation as its AEAD key, so that two equal ones
 * would be one key used twice, under the one nonce there is.
 */
import { expect, it } from 'vitest'
import {
  drawEpochKey,
  drawGroupEpoch,
  epochName,
  facetKey,
  manifestKey,
  openSegment,
  publicOf,
  random,
  sealAccount,
  sealBlobPage,
  archivePage,
  sealEnrolment,
  sealGroupHead,
  sealGroupMessage,
  sealHead,
  sealKeyring,
  sealMessage,
  sealPart,
  sealSegment,
  signerOf,
  toHex,
  utf8,
  wrapGenerations,
} from '#crypto'
import { decodeCbor } from '../../crypto/cbor.ts'
import { person } from './support.ts'

const alice = person('alice')
const signer = signerOf(alice.device)
const [collection, epoch, epochKey, group] = [random(16), random(8), drawEpochKey(), random(32)]
const [groupEpoch, blob, blobKey] = [drawGroupEpoch(1), random(16), random(32)]
const me = publicOf(alice.device)
const generationKem = alice.identity.kem

const start = { version: 1, owner: alice.webId, sealId: new Uint8Array(16) } as const // a caller that draws nothing
const head = {
  header: {
    ...start,
    type: 'head',
    collection,
    epoch,
    generation: 1,
    vector: [],
    identityHead: random(32),
    keyring: null,
  },
  owner: {
    epochs: [{ id: epoch, key: epochKey, opened: 1, of: [] }],
    holders: [],
    withheld: [],
    accountVector: [],
    index: { runs: [], loose: [] },
  },
  manifest: { tail: random(32), segments: [], pages: [], condemned: [] },
  tail: new Uint8Array(),
} satisfies Parameters<typeof sealHead>[0]
const grant = { grant: random(16), to: generationKem, manifest: manifestKey(epochKey), agreement: utf8('a'), keys: [] }
const sections = ['health', 'photos'].map(facet => ({ epoch: epochName(epoch), facet, cells: [] }))

type Parts = Uint8Array[]
const fields = (bytes: Uint8Array): Parts => decodeCbor(bytes) as Parts
const signedFields = (bytes: Uint8Array): Parts => fields(fields(bytes)[0]!)
const afterKem = (sealed: Uint8Array): Uint8Array => sealed.subarray(1120)

async function part(): Promise<Parts> {
  const { bytes } = await sealPart(blobKey, blob, 0, utf8('same'))
  return [bytes.subarray(2 + bytes[1]!)]
}

/** The envelopes that each kind of sealing puts out. */
const kinds: { [kind: string]: () => Parts | Promise<Parts> } = {
  async segment() {
    const { bytes, key } = await sealSegment(alice.webId, collection, sections, (_, facet) => facetKey(epochKey, facet))
    const { body, rows } = openSegment(bytes, alice.webId, collection, key)
    return [fields(bytes)[1]!, ...rows.map(row => body.subarray(row.offset))]
  },
  head: () => signedFields(sealHead(head, alice.generation.key, signer)).slice(1, 3),
  keyring() {
    const [, envelopes, pages] = decodeCbor(sealKeyring(alice.webId, collection, epoch, [grant]).bytes) as [
      Uint8Array,
      Parts[],
      Parts[],
    ]
    return [...envelopes.map(([, sealed]) => afterKem(sealed!)), ...pages.map(([, sealed]) => sealed!)]
  },
  part,
  page: () => [fields(sealBlobPage(blobKey, blob, []).bytes)[1]!],
  account() {
    const empty = { vector: [], wraps: [], previous: [], slots: [] }
    const header = { ...start, type: 'account' as const, generation: 1, identityHead: group, ...empty }
    return [signedFields(sealAccount(header, utf8('s'), alice.generation, signer))[1]!]
  },
  wraps: () => wrapGenerations(alice.webId, [alice.generation], [me]).wraps.map(({ sealed }) => afterKem(sealed)),
  group() {
    const stewards = { sealId: random(16), hash: group }
    const header = { ...start, type: 'group' as const, group, epoch: 1, tree: utf8('t'), stewards, previous: [] }
    return [
      signedFields(
        sealGroupHead(header, { checkpoint: null, archive: null, entries: [utf8('e')] }, groupEpoch, signer),
      )[1]!,
    ]
  },
  enrolment() {
    const { bytes } = sealEnrolment('group-enrolment', group, [{ kem: generationKem, key: blobKey }])
    return ((fields(bytes) as unknown[])[1] as Uint8Array[][]).map(row => afterKem(row[2]!))
  },
  archive: () => [fields(archivePage.seal(group, { before: null, entries: [], first: 1, secrets: [] }).bytes)[1]!],
  message: () => [afterKem(fields(sealMessage(generationKem, utf8('m')))[1]!)],
  groupMessage: () => [fields(sealGroupMessage(groupEpoch, utf8('m')))[1]!],
}

it.each(Object.entries(kinds))('[E3] never seals twice under one key: %s', async (_, envelopes) => {
  const sealed = await Promise.all(Array.from({ length: 300 }, async () => envelopes()))
  const commitments = sealed.flat().map(one => toHex(one.slice(0, 32)))
  expect(new Set(commitments).size).toBe(commitments.length)
})

it('[E3] never seals twice under one key: five thousand parts of one blob', async () => {
  const sealed = await Promise.all(Array.from({ length: 5_000 }, part))
  const commitments = sealed.map(([first]) => toHex(first!.slice(0, 32)))
  expect(new Set(commitments).size).toBe(5_000)
})
