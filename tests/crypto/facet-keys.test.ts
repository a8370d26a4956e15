import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawEpochKey, facetKey, label, manifestKey, narrow, random, toHex, utf8, type FacetKey } from '#crypto'
import { sectionKey, sectionTag } from '../../crypto/facet-keys.ts'
import { kdf } from '../../crypto/primitives.ts'
import { codeOf } from './support.ts'

const id = fc.stringMatching(/^[a-z0-9-]{1,8}$/)
const ids = fc.array(id, { minLength: 1, maxLength: 5 })

const treeLabels = [label.facet, label.facetRoot, label.manifestKey, label.section, label.sectionTag]

/** What somebody who holds `keys` can derive: every label once, then those of the tree, with every context in use. */
function reach(keys: Uint8Array[], names: string[], depth: number): Set<string> {
  const reached = new Set(keys.map(toHex))
  let frontier = keys
  for (let level = 0; level < depth; level++) {
    frontier = frontier.flatMap(key =>
      (level ? treeLabels : Object.values(label)).flatMap(use =>
        ['', ...names].map(context => kdf(key, use, utf8(context))),
      ),
    )
    for (const key of frontier) reached.add(toHex(key))
  }
  return reached
}

describe('the key tree of the vocabulary', () => {
  it('[K4] gives from a node exactly the keys of the nodes under it', () => {
    const epoch = drawEpochKey()
    fc.assert(
      fc.property(ids, fc.array(id, { maxLength: 4 }), (above, below) => {
        const [ancestor, path] = [above.join('/'), [...above, ...below].join('/')]
        expect(narrow(facetKey(epoch, ancestor), ancestor, path)).toEqual(facetKey(epoch, path))
      }),
    )
  })

  it.each([
    ['health', 'photos'],
    ['health', 'healthcare/x'],
    ['health/medications', 'health'],
    ['health/medications', 'health/immunizations'],
  ])('[K4] refuses to go from %s to %s', (ancestor, path) => {
    expect(codeOf(() => narrow(facetKey(drawEpochKey(), ancestor), ancestor, path))).toBe('usage')
  })

  it('[K2] gives every path and every epoch a key of its own', () => {
    const paths = ['a', 'b', 'a/a', 'a/b', 'b/a', 'aa', 'a/a/b', 'aa/b', 'a/ab', '']
    const keys = [drawEpochKey(), drawEpochKey()].flatMap(epoch => paths.map(path => toHex(facetKey(epoch, path))))
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('[K4] lets no set of narrower keys reach a broader one, the manifest, a sibling or another epoch', () => {
    const [epoch, other] = [drawEpochKey(), drawEpochKey()]
    const held = ['health/medications', 'health/immunizations', 'photos/where'].map(path => facetKey(epoch, path))
    const reached = reach(held, ['health', 'medications', 'immunizations', 'photos', 'where'], 2)
    expect(reached.has(toHex(narrow(held[0]!, 'health/medications', 'health/medications/where')))).toBe(true)
    const outside = ['health', 'photos', 'health/conditions', 'photos/people', 'family']
    for (const path of outside) expect(reached.has(toHex(facetKey(epoch, path)))).toBe(false)
    for (const path of [...outside, 'health/medications']) expect(reached.has(toHex(facetKey(other, path)))).toBe(false)
    for (const key of [manifestKey(epoch), manifestKey(other), kdf(epoch, label.facetRoot), epoch]) {
      expect(reached.has(toHex(key))).toBe(false)
    }
  })

  it('[K3] lets the manifest key reach no facet', () => {
    const epoch = drawEpochKey()
    const reached = reach([manifestKey(epoch)], ['health', 'photos'], 2)
    for (const key of [epoch, kdf(epoch, label.facetRoot), facetKey(epoch, 'health'), facetKey(epoch, 'photos')]) {
      expect(reached.has(toHex(key))).toBe(false)
    }
  })

  it('[K5] needs facet key, segment key and seal id together', () => {
    const [facet, other] = [facetKey(drawEpochKey(), 'health'), facetKey(drawEpochKey(), 'health')]
    const [key, sealId] = [random(32), random(16)]
    const combinations: [FacetKey, Uint8Array, Uint8Array][] = [
      [facet, key, sealId],
      [other, key, sealId],
      [facet, random(32), sealId],
      [facet, key, random(16)],
    ]
    const derived = combinations.flatMap(of => [toHex(sectionKey(...of)), toHex(sectionTag(...of))])
    expect(new Set(derived).size).toBe(derived.length)
    expect(sectionTag(facet, key, sealId).length).toBe(16)
    expect(toHex(sectionKey(facet, key, sealId)).startsWith(toHex(sectionTag(facet, key, sealId)))).toBe(false)
  })
})
