/**
 * A device that seals one and the same input, of every kind in turn, for as long as it lives; begun again, with the keys that it had.
 * Writes the commitment of each envelope (32 bytes) and the hash of what follows it (8).
 *
 *   node sealer.ts SEED        32 bytes in hexadecimal, of which all its keys are made
 */
import { setImmediate as immediate } from 'node:timers/promises'
import {
  archivePage,
  concat,
  epochName,
  facetKey,
  fromHex,
  generationPublic,
  groupKem,
  hash,
  manifestKey,
  openSegment,
  publicOf,
  sealAccount,
  sealBlobPage,
  sealForDevice,
  sealGroupHead,
  sealGroupMessage,
  sealHead,
  sealIndexRun,
  sealKeyring,
  sealManifestPage,
  sealMessage,
  sealPart,
  sealPasswordSlot,
  sealQueuedWrite,
  sealSegment,
  drawSealId,
  FLOOR,
  random,
  signerOf,
  toHex,
  utf8,
  wrapGenerations,
  wrapPrevious,
  type EpochKey,
} from '#crypto'
import { smallTree } from '../crypto/reading.ts'
import { envelopesIn } from './envelopes-in.ts'

const seed = fromHex(process.argv[2]!)
/** The same in each life. */
const key = (name: string): Uint8Array => hash(concat(seed, utf8(name)))
const id = (name: string): Uint8Array => key(name).slice(0, 16)

const [owner, x, none] = ['https://pod.example/me#i', Uint8Array.of(1), new Uint8Array()]
const [collection, grant, blob] = [id('collection'), id('grant'), id('blob')]
const seeds = { sign: key('sign'), kem: key('kem') }
const signer = signerOf(seeds)
const epoch = { id: id('epoch').slice(0, 8), key: key('epoch') as EpochKey }
const facet = facetKey(epoch.key, 'health')
const generations = [1, 2].map(number => ({ number, key: key(`key ${number}`), kemSeed: key(`kem ${number}`) }))
const [generation, person] = [generations[1]!, generationPublic(generations[1]!)]
const circles = [1, 2].map(number => ({ number, secret: key(`circle ${number}`) }))
const circle = circles[1]!
const base = { version: 1, owner } as const

const head = {
  header: {
    ...base,
    type: 'head' as const,
    collection,
    epoch: epoch.id,
    generation: 2,
    vector: [],
    identityHead: key('entry'),
    keyring: null,
  },
  owner: {
    epochs: [{ ...epoch, opened: 1, of: [] }],
    holders: [],
    withheld: [],
    accountVector: [],
    index: { runs: [], loose: [] },
  },
  manifest: { tail: key('tail'), segments: [], pages: [], condemned: [] },
  tail: none,
}

async function segment(): Promise<Uint8Array[]> {
  const sections = [{ epoch: epochName(epoch.id), facet: 'health', cells: [] }]
  const sealed = await sealSegment(owner, collection, sections, () => facet)
  const { rows, body } = openSegment(sealed.bytes, owner, collection, sealed.key)
  return [...envelopesIn(sealed.bytes), ...rows.map(({ offset, size }) => body.subarray(offset, offset + size))]
}

/** With a page in it, or one so large that it stands apart. */
function keyring(keys: number): Uint8Array[] {
  const agreement = utf8('agreed')
  const given = Array.from({ length: keys }, () => ({ epoch: epoch.id, facet: 'x'.repeat(90), key: facet }))
  const of = { grant, to: groupKem(circle), manifest: manifestKey(epoch.key), agreement, keys: given }
  const { bytes, pages } = sealKeyring(owner, collection, epoch.id, [of])
  return [...envelopesIn(bytes), ...pages.map(page => page.bytes)]
}

function account(): Uint8Array {
  const wraps = wrapGenerations(owner, generations, [publicOf(seeds)])
  const header = { ...base, type: 'account' as const, ...wraps, vector: [], identityHead: key('entry'), slots: [] }
  return sealAccount(header, x, generation, signer)
}

function groupHead(): Uint8Array {
  const group = key('group')
  const { tree, stewards } = smallTree(group, circle.secret, [person])
  const previous = [wrapPrevious(group, circles[0]!, circle)]
  const header = { ...base, type: 'group' as const, group, epoch: 2, tree, stewards, previous }
  return sealGroupHead(header, { checkpoint: null, archive: null, entries: [x] }, circle, signer)
}

const kinds: (() => Uint8Array[] | Promise<Uint8Array[]>)[] = [
  segment,
  () => envelopesIn(sealHead(head, generation.key, signer)),
  () => envelopesIn(sealManifestPage(owner, collection, drawSealId(), random(32), [])), // the caller draws, as prepare.ts does
  () => envelopesIn(sealIndexRun(owner, collection, [], []).bytes),
  () => keyring(1),
  async () => envelopesIn((await sealPart(key('blob'), blob, 0, x)).bytes),
  () => envelopesIn(sealBlobPage(key('blob'), blob, []).bytes),
  () => envelopesIn(account()),
  () => envelopesIn(groupHead()),
  () => envelopesIn(archivePage.seal(key('group'), { before: null, entries: [x], first: 1, secrets: [] }).bytes),
  () => envelopesIn(sealForDevice(seeds, x)),
  () => envelopesIn(sealQueuedWrite(seeds, { collection, at: 1, known: [], sections: [] })),
  () => envelopesIn(sealMessage(person, x)),
  () => envelopesIn(sealGroupMessage(circle, x)),
]

/** Written when it returns: whoever stops this program stops it between two seals, or in the middle of one. */
function write(envelopes: Uint8Array[]): void {
  const records = envelopes.map(sealed => concat(sealed.subarray(0, 32), hash(sealed.subarray(32)).subarray(0, 8)))
  process.stdout.write(concat(...records))
}

for (let i = 0; i < 2; i++) {
  const slot = await sealPasswordSlot('password', owner, { ...seeds, root: toHex(key('root')) }, FLOOR)
  write([slot.sealed, ...keyring(60)])
}
for (;;) {
  for (const seals of kinds) write(await seals())
  await immediate() // whoever read may be gone
}
