/** Envelopes, and what a collection is made of: segments, pages, heads, keyrings. */
import {
  drawSealId,
  drawSeeds,
  epochName,
  facetKey,
  hash,
  label,
  manifestKey,
  openGrantPage,
  openKeyring,
  openManifest,
  openIndexRun,
  openManifestPage,
  openOwnerPart,
  openSection,
  openSegment,
  publicOf,
  random,
  sealHead,
  sealKeyring,
  sealIndexRun,
  sealManifestPage,
  sealSegment,
  verifyHead,
} from '#crypto'
import { open, seal } from '../../../crypto/envelope.ts'
import { openWith, sealTo } from '../../../crypto/kem.ts'
import { none } from '../../../crypto/padding.ts'
import {
  alteredAt,
  altered,
  ENVELOPE,
  BEHIND_KEM,
  ann,
  owner,
  signer,
  keyOf,
  collection,
  grant,
  other,
  epoch,
  otherEpoch,
  text,
  type Openers,
  alterations,
} from './opener.ts'

export function envelopes(): Openers {
  const [key, header, seeds] = [random(32), random(20), drawSeeds()]
  const sealed = seal(key, label.table, header, text, none)
  const wrapped = sealTo(publicOf(seeds).kem, label.message, header, text, none)
  return {
    open: {
      right: () => open(key, label.table, header, sealed, none),
      wrong: {
        key: () => open(random(32), label.table, header, sealed, none),
        header: () => open(key, label.table, random(20), sealed, none),
        cut: () => open(key, label.table, header, sealed.subarray(0, 20), none),
        ...alterations(ENVELOPE, at => () => open(key, label.table, header, alteredAt(sealed, at), none)),
      },
    },
    openWith: {
      right: () => openWith(seeds.kem, label.message, header, wrapped, none),
      wrong: {
        key: () => openWith(drawSeeds().kem, label.message, header, wrapped, none),
        header: () => openWith(seeds.kem, label.message, random(20), wrapped, none),
        cut: () => openWith(seeds.kem, label.message, header, wrapped.subarray(0, 900), none),
        ...alterations(
          BEHIND_KEM,
          at => () => openWith(seeds.kem, label.message, header, alteredAt(wrapped, at), none),
        ),
      },
    },
  }
}

export async function collections(): Promise<Openers> {
  const facet = facetKey(epoch.key, 'health/immunizations')
  const cells = [{ record: 'a'.repeat(32), stamp: 1, kind: 'Immunization', properties: { note: 'BCG' } }]
  const section = { epoch: epochName(epoch.id), facet: 'health/immunizations', cells }
  const segment = await sealSegment(owner, collection, [section], () => facet)
  const openTable = (bytes: Uint8Array, key = segment.key) => openSegment(bytes, owner, collection, key)
  const table = openTable(segment.bytes)
  const pageKey = random(32)
  const page = sealManifestPage(owner, collection, drawSealId(), pageKey, [])
  const openPage = (bytes: Uint8Array, key = pageKey) => openManifestPage(bytes, owner, collection, key)
  const { bytes: run, reference } = sealIndexRun(owner, collection, [], [])
  const openRun = (bytes: Uint8Array, key = reference.key) => openIndexRun(bytes, owner, collection, key)
  return {
    openSegment: {
      right: () => openTable(segment.bytes),
      wrong: {
        key: () => openTable(segment.bytes, random(32)),
        header: () => openTable(altered(segment.bytes, [0, 3], 0)),
        ...alterations(ENVELOPE, at => () => openTable(altered(segment.bytes, [1], at))),
      },
    },
    openSection: {
      right: () => openSection(table, facet),
      wrong: {
        header: () => openSection({ ...table, header: alteredAt(table.header, -1) }, facet),
        ...alterations(ENVELOPE, at => () => openSection({ ...table, body: alteredAt(table.body, at) }, facet)),
      },
    },
    openIndexRun: {
      right: () => openRun(run),
      wrong: {
        key: () => openRun(run, random(32)),
        header: () => openRun(altered(run, [0, 3], 0)),
        ...alterations(ENVELOPE, at => () => openRun(altered(run, [1], at))),
      },
    },
    openManifestPage: {
      right: () => openPage(page),
      wrong: {
        key: () => openPage(page, random(32)),
        header: () => openPage(altered(page, [0, 3], 0)),
        ...alterations(ENVELOPE, at => () => openPage(altered(page, [1], at))),
      },
    },
  }
}

export function heads(): Openers {
  const { generation, identity } = ann
  const header = {
    version: 1 as const,
    type: 'head' as const,
    owner,
    collection,
    epoch: epoch.id,
    generation: 1,
    vector: [{ device: signer.id, commits: 1, last: hash(text) }],
    identityHead: identity.entries.at(-1)!,
    keyring: null,
  }
  const parts = {
    owner: { epochs: [epoch], holders: [], withheld: [], accountVector: [], index: { runs: [], loose: [] } },
    tail: new Uint8Array(),
  }
  const manifest = { tail: random(32), segments: [], pages: [], condemned: [] }
  const head = verifyHead(sealHead({ header, manifest, ...parts }, generation.key, signer), owner, collection, keyOf)
  /** A head whose signer was in league with the host: otherwise its signature tells, without any key. */
  const withPart = (part: 'header' | 'owner' | 'manifest', at: number) => ({
    ...head,
    parts: { ...head.parts, [part]: alteredAt(head.parts[part], at) },
  })
  return {
    openOwnerPart: {
      right: () => openOwnerPart(head, generation.key),
      wrong: {
        key: () => openOwnerPart(head, random(32)),
        header: () => openOwnerPart(withPart('header', 60), generation.key),
        ...alterations(ENVELOPE, at => () => openOwnerPart(withPart('owner', at), generation.key)),
      },
    },
    openManifest: {
      right: () => openManifest(head, manifestKey(epoch.key)),
      wrong: {
        key: () => openManifest(head, manifestKey(otherEpoch)),
        header: () => openManifest(withPart('header', 60), manifestKey(epoch.key)),
        'owner part': () => openManifest(withPart('owner', 60), manifestKey(epoch.key)),
        ...alterations(ENVELOPE, at => () => openManifest(withPart('manifest', at), manifestKey(epoch.key))),
      },
    },
  }
}

export function keyrings(): Openers {
  const seeds = drawSeeds()
  const keys = [{ epoch: epoch.id, facet: 'health', key: facetKey(epoch.key, 'health') }]
  const given = { to: publicOf(seeds).kem, agreement: text, manifest: manifestKey(epoch.key), keys }
  const { bytes } = sealKeyring(owner, collection, epoch.id, [{ ...given, grant }])
  const openIt = (keyring: Uint8Array, seed = seeds.kem, of = grant) =>
    openKeyring(keyring, { owner, collection, grant: of }, [seed])
  const opened = openIt(bytes)!
  const page = opened.page.sealed!
  return {
    openKeyring: {
      right: () => openIt(bytes),
      wrong: {
        key: () => openIt(bytes, drawSeeds().kem),
        header: () => openIt(altered(bytes, [0, 3], 0)),
        grant: () => openIt(altered(bytes, [1, 0, 0], -1), seeds.kem, alteredAt(grant, -1)),
        ...alterations(BEHIND_KEM, at => () => openIt(altered(bytes, [1, 0, 1], at))),
      },
    },
    openGrantPage: {
      right: () => openGrantPage(grant, opened, page),
      wrong: {
        key: () => openGrantPage(grant, { ...opened, page: { ...opened.page, key: random(32) } }, page),
        header: () => openGrantPage(other, opened, page),
        ...alterations(ENVELOPE, at => () => openGrantPage(grant, opened, alteredAt(page, at))),
      },
    },
  }
}
