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
import { facets, isWithin, leavesUnder } from '#vocab'
import { kdf } from '../../crypto/primitives.ts'

const owner = 'https://alice.example/#me'
const collection = random(16)
const epochs = [1, 2, 3].map(n => ({ name: epochName(new Uint8Array(8).fill(n)), key: drawEpochKey() }))
const paths = facets
  .map(({ path }) => path)
  .filter(path => isWithin(path, 'health/medications') || isWithin(path, 'wiki'))
const nodes = ['health', ...paths]
const leaves = paths.filter(path => leavesUnder(path)[0] === path)
const names = [...new Set(nodes.flatMap(path => path.split('/')))]

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
    paths: fc.subarray(nodes, { minLength: 1, maxLength: 2 }),
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

/** As deep as the tree is. */
function derived(grants: readonly Grant[]): FacetKey[] {
  const given = grants.flatMap(grant =>
    grant.epochs.flatMap(({ key }) => grant.paths.map(path => facetKey(key, path) as Uint8Array)),
  )
  const known = new Map<string, Uint8Array>()
  let frontier = [sealed.key, ...epochs.map(({ key }) => manifestKey(key)), ...given]
  for (let level = 0; level < 3 && frontier.length; level++) {
    frontier = frontier.filter(key => !known.has(toHex(key)))
    for (const key of frontier) known.set(toHex(key), key)
    frontier = level < 2 ? frontier.flatMap(below) : []
  }
  return [...known.values()] as FacetKey[]
}

/** Those of the keys that open a section. */
async function opening(keys: readonly FacetKey[]): Promise<FacetKey[]> {
  const cells = await Promise.all(keys.map(async key => openSection(segment, key)))
  return keys.filter((_, i) => cells[i] !== null)
}

/** Which sections a key opens: at most one. */
const bySection = new Map(
  epochs.flatMap(({ name, key }) => leaves.map(leaf => [toHex(facetKey(key, leaf)), `${name} ${leaf}`] as const)),
)

describe('keys put together', () => {
  it('[K4] [K5] open a section if and only if one of the grants holds its facet and its epoch', async () => {
    await fc.assert(
      fc.asyncProperty(anyGrants, async grants => {
        const opened = await opening(derived(grants))
        const granted = grants.flatMap(grant =>
          grant.epochs.flatMap(({ name }) =>
            leaves.filter(leaf => grant.paths.some(path => isWithin(leaf, path))).map(leaf => `${name} ${leaf}`),
          ),
        )
        expect(opened.map(key => bySection.get(toHex(key))).sort()).toEqual([...new Set(granted)].sort())
      }),
      { numRuns: 20 },
    )
  })

  it('[K4] [K5] of (one facet, late) and (another, early) do not open (the other, late)', async () => {
    const [one, other] = [leaves[0]!, leaves.at(-1)!]
    const [early, , late] = epochs
    const grants = [
      { paths: [one], epochs: [late!] },
      { paths: [other], epochs: [early!] },
    ]
    const opened = await opening(derived(grants))
    expect(opened.map(key => bySection.get(toHex(key))).sort()).toEqual([
      `${early!.name} ${other}`,
      `${late!.name} ${one}`,
    ])
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
