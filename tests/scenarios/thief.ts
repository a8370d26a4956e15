/**
 * A member with a full copy of the pod server's disk, past every check that our own client would make: tries all keys ever held
 * on all objects, learns whatever opens, and tries again with that.
 */
import {
  decode,
  list,
  bytes,
  narrow,
  openGrantPage,
  openKeyring,
  openManifest,
  openSection,
  openSegment,
  struct,
  toBase64Url,
  toHex,
  unsafeGroupHeader,
  unsafeHeadHeader,
  unsafeUnverified,
  unwrapPrevious,
  groupKemSeed,
  id16,
  type FacetKey,
  type GrantKey,
  type Manifest,
  type ManifestKey,
  type SignedHead,
} from '#crypto'
import { isWithin, leavesUnder } from '#vocab'
import { epochIn } from '../crypto/reading.ts'
import { open } from '../../client/core/open.ts'
import type { StoredFile } from './disk.ts'
import type { Actor } from './member.ts'

const parts = struct({ header: bytes, owner: bytes, manifest: bytes, tail: bytes })
const keyring = struct({
  header: bytes,
  envelopes: list(struct({ grant: id16, sealed: bytes })),
  pages: list(struct({ id: id16, sealed: bytes })),
})

export class Thief {
  readonly #seeds: Uint8Array[]
  readonly #manifestKeys = new Map<string, ManifestKey>()
  readonly #keys = new Map<string, GrantKey>()

  private constructor(seeds: Uint8Array[]) {
    this.#seeds = [...seeds]
  }

  /** With all that the person's own device holds. */
  static async of(person: Actor): Promise<Thief> {
    const { me } = await open(person.around, { password: `${person.name} a password` })
    return new Thief(me.kemSeeds)
  }

  /** Every text of every cell that opens; keys found on the way are kept for the next disk. */
  async read(disk: readonly StoredFile[]): Promise<string[]> {
    const files = disk.filter(({ path }) => path.endsWith('.alv'))
    for (const { bytes: file } of files) this.#learnGroup(file, files)
    const heads = files
      .filter(({ path }) => path.endsWith('/head.alv'))
      .flatMap(({ bytes: file }) => attempt(() => ({ file, header: unsafeHeadHeader(file) })))
    for (const { header } of heads) {
      const named = header.keyring && fileNamed(files, header.keyring.sealId)
      if (named) this.#learnKeyring(named.bytes, header)
    }
    const texts = await Promise.all(heads.map(({ file, header }) => this.#readHead(file, header, files)))
    return texts.flat()
  }

  #learnGroup(file: Uint8Array, files: readonly StoredFile[]): void {
    for (const header of attempt(() => unsafeGroupHeader(file))) {
      for (const seed of this.#seeds.slice()) {
        const newest = attempt(() => epochIn(header, seed, sealId => fileNamed(files, sealId)?.bytes))[0]
        if (newest) this.#seeds.push(...unwrapPrevious(header.group, newest, header.previous).map(groupKemSeed))
      }
    }
  }

  #learnKeyring(file: Uint8Array, { owner, collection }: SignedHead['header']): void {
    for (const { grant } of decode(keyring, file).envelopes) {
      for (const opened of attempt(() => openKeyring(file, { owner, collection, grant }, this.#seeds))) {
        if (!opened) continue
        this.#manifestKeys.set(toHex(opened.manifest), opened.manifest)
        const page = opened.page.sealed
          ? (attempt(() => openGrantPage(grant, opened, opened.page.sealed!).keys)[0] ?? [])
          : []
        for (const key of [...opened.newest, ...page]) this.#keys.set(toHex(key.key), key)
      }
    }
  }

  async #readHead(file: Uint8Array, header: SignedHead['header'], files: readonly StoredFile[]): Promise<string[]> {
    const head = {
      header,
      hash: new Uint8Array(32),
      signer: new Uint8Array(16),
      parts: decode(parts, unsafeUnverified(file).signed),
    }
    const manifests = [...this.#manifestKeys.values()].flatMap(key => attempt(() => openManifest(head, key)))
    const texts = await Promise.all(manifests.map(manifest => this.#readManifest(manifest, head, files)))
    return texts.flat()
  }

  async #readManifest(manifest: Manifest, head: SignedHead, files: readonly StoredFile[]): Promise<string[]> {
    const { owner, collection } = head.header
    const stored = manifest.segments.flatMap(({ sealId, key }) => {
      const named = fileNamed(files, sealId)
      return named ? [{ file: named.bytes, key }] : []
    })
    const all = head.parts.tail.length ? [...stored, { file: head.parts.tail, key: manifest.tail }] : stored
    const opening = all.flatMap(({ file, key }) =>
      attempt(() => openSegment(file, owner, collection, key)).flatMap(segment =>
        this.#everyKey().map(async facet => openSection(segment, facet)?.catch(() => null)),
      ),
    )
    const cells = (await Promise.all(opening)).flatMap(opened => opened ?? [])
    return cells.map(({ properties }) => JSON.stringify(properties))
  }

  #everyKey(): FacetKey[] {
    return [...this.#keys.values()].flatMap(({ facet, key }) =>
      leavesUnder(facet)
        .filter(leaf => isWithin(leaf, facet))
        .map(leaf => narrow(key, facet, leaf)),
    )
  }
}

const fileNamed = (files: readonly StoredFile[], sealId: Uint8Array): StoredFile | undefined =>
  files.find(({ path }) => path.endsWith(`/${toBase64Url(sealId)}.alv`))

/** One result, or none where it throws: a thief is not discouraged. */
function attempt<T>(work: () => T): T[] {
  try {
    return [work()]
  } catch {
    return []
  }
}
