/**
 * Readers who put their keys together (K4, K5, A25): all that can be derived from any set of grants opens the sections that lie
 * in one of the grants, and no other. They have every segment key and manifest key too.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  drawEpochKey,
  epochName,
  facetKey,
  label,
  manifestKey,
  narrow,
  openSection,
  openSegment,
  random,
  sealSegment,
  toHex,
  utf8,
  type FacetKey,
} from '#crypto'
import { facets, isLeaf, leavesUnder } from '#vocab'
import { kdf } from '../../crypto/primitives.ts'

const owner = 'https://alice.example/#me'
const collection = random(16)
const epochs = [1, 2, 3].map(n => ({ name: epochName(new Uint8Array(8).fill(n)), key: drawEpochKey() }))
const paths = facets.map(({ path }) => path)
const leaves = paths.filter(isLeaf)
const ids = (path: string): string[] => path.split('/')
const names = [...new Set(paths.flatMap(ids))]
const DEPTH = Math.max(...paths.map(path => ids(path).length))

const sections = epochs.flatMap(({ name }) => leaves.map(facet => ({ epoch: name, facet, cells: [] })))
const sealed = await sealSegment(owner, collection, sections, (epoch, facet) =>
  facetKey(epochs.find(({ name }) => name === epoch)!.key, facet),
)
const segment = openSegment(sealed.bytes, owner, collection, sealed.key)

interface Grant {
  paths: string[]
  epochs: typeof epochs
}
const anyGrants: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({
    paths: fc.subarray(paths, { minLength: 1, maxLength: 4 }),
    epochs: fc.subarray(epochs, { minLength: 1 }),
  }),
  { maxLength: 4 },
)

/** Every key one step below, whatever the holder takes the key for. */
const below = (key: Uint8Array): Uint8Array[] => [
  kdf(key, label.facetRoot),
  kdf(key, label.manifestKey),
  ...names.map(name => kdf(key, label.facet, utf8(name))),
]

/** Which section a key is meant for. */
const bySection = new Map(
  epochs.flatMap(({ name, key }) => leaves.map(leaf => [toHex(facetKey(key, leaf)), `${name} ${leaf}`] as const)),
)

/** The sections that a key, and whatever is derived from it in so many steps, opens; of each key once, for all its holders. */
const opens = new Map<string, Promise<ReadonlySet<string>>>()
function openedBy(key: Uint8Array, steps: number): Promise<ReadonlySet<string>> {
  const name = `${steps} ${toHex(key)}`
  const found = opens.get(name) ?? derivedBy(key, steps)
  opens.set(name, found)
  return found
}

async function derivedBy(key: Uint8Array, steps: number): Promise<ReadonlySet<string>> {
  const own = await openSection(segment, key as FacetKey)
  const further = steps ? await Promise.all(below(key).map(one => openedBy(one, steps - 1))) : []
  const named = own ? [bySection.get(toHex(key)) ?? 'one that it is not meant for'] : []
  return new Set([...named, ...further.flatMap(one => [...one])])
}

/** As deep as the tree is below each key, and never less than a step. All have the keys of segment and manifests. */
async function opened(grants: readonly Grant[]): Promise<string[]> {
  const given = grants.flatMap(grant =>
    grant.epochs.flatMap(({ key }) =>
      grant.paths.map(path => openedBy(facetKey(key, path), Math.max(1, DEPTH - ids(path).length))),
    ),
  )
  const shared = [sealed.key, ...epochs.map(({ key }) => manifestKey(key))].map(key => openedBy(key, DEPTH - 1))
  return [...new Set((await Promise.all([...given, ...shared])).flatMap(found => [...found]))].sort()
}

function granted(grants: readonly Grant[]): string[] {
  const all = grants.flatMap(grant =>
    grant.epochs.flatMap(({ name }) => grant.paths.flatMap(path => leavesUnder(path)).map(leaf => `${name} ${leaf}`)),
  )
  return [...new Set(all)].sort()
}

describe('keys put together', () => {
  it('[K4] [K5] open a section if and only if one of the grants holds its facet and its epoch', async () => {
    await fc.assert(
      fc.asyncProperty(anyGrants, async grants => {
        expect(await opened(grants)).toEqual(granted(grants))
      }),
      { numRuns: 300 },
    )
  })

  it('[K4] [K5] of (one facet, late) and (another, early) do not open (the other, late)', async () => {
    const [one, other] = [leaves[0]!, leaves.at(-1)!]
    const [early, , late] = epochs
    const grants = [
      { paths: [one], epochs: [late!] },
      { paths: [other], epochs: [early!] },
    ]
    expect(await opened(grants)).toEqual([`${early!.name} ${other}`, `${late!.name} ${one}`])
  })

  it('[K4] narrowing in steps is narrowing at once', () => {
    const id = fc.stringMatching(/^[a-z0-9-]{1,8}$/)
    fc.assert(
      fc.property(id, fc.array(id, { maxLength: 3 }), fc.array(id, { maxLength: 3 }), (top, more, most) => {
        const [middle, end] = [[top, ...more].join('/'), [top, ...more, ...most].join('/')]
        const key = facetKey(epochs[0]!.key, top)
        expect(narrow(narrow(key, top, middle), middle, end)).toEqual(narrow(key, top, end))
      }),
    )
  })
})
