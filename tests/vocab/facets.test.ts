// The facet tree is the key tree: paths never change, covers open what is asked for and nothing else.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  children,
  coverWithout,
  facet,
  facets,
  isLeaf,
  isSensitive,
  isWithin,
  leavesUnder,
  sensitiveFacets,
} from '#vocab'

const paths = facets.map(concept => concept.path)
const anyPaths = fc.array(fc.constantFrom(...paths), { maxLength: 6 })
const leavesOf = (roots: readonly string[]): Set<string> => new Set(roots.flatMap(leavesUnder))

describe('facet tree', () => {
  it('has a concept for the parent of every concept, and no path twice', () => {
    expect(new Set(paths).size).toBe(paths.length)
    for (const path of paths.filter(item => item.includes('/'))) {
      expect(facet(path.slice(0, path.lastIndexOf('/')))).not.toBeNull()
      expect(path).toMatch(/^[a-z]+(\/[a-z]+)*$/)
    }
  })

  it('holds what the vocabulary page promises', () => {
    const health =
      'summary problems allergies medications immunizations results vitals procedures devices pregnancy mental reproductive addiction lifestyle directives appointments documents coverage'
    for (const id of health.split(' ')) {
      expect(facet(`health/${id}`)).not.toBeNull()
      expect(isLeaf(`health/${id}/source`)).toBe(true)
    }
    expect(children('health/medications').map(concept => concept.path.split('/').at(-1))).toEqual([
      'what',
      'dosage',
      'prescriber',
      'source',
    ])
    for (const id of 'identity births relations events stories living contacts'.split(' ')) {
      expect(facet(`family/${id}`)).not.toBeNull()
    }
    for (const id of 'image when where people camera source'.split(' ')) expect(isLeaf(`photos/${id}`)).toBe(true)
  })

  it('is sensitive where it says, and below', () => {
    const declared = 'health/mental health/reproductive health/addiction health/directives family/living photos/where'
    for (const path of declared.split(' ')) {
      for (const leaf of leavesUnder(path)) expect(isSensitive(leaf)).toBe(true)
    }
    expect(isSensitive('health')).toBe(false)
    expect(isSensitive('health/immunizations/entry')).toBe(false)
    expect(isSensitive('nowhere/at/all')).toBe(false)
  })

  it('treats a whole source beside a sensitive concept as sensitive, since it may contain it', () => {
    const besideSensitive = paths.flatMap(path => {
      const below = children(path)
      const source = below.find(concept => concept.path.endsWith('/source'))
      return source && below.some(concept => concept.sensitive && concept !== source) ? [source.path] : []
    })
    expect(besideSensitive).toEqual(['health/source', 'family/source', 'photos/source'])
    expect(besideSensitive.every(isSensitive)).toBe(true)
  })
})

describe('coverWithout', () => {
  it('covers every leaf under the roots but those excluded, and nothing else', () => {
    fc.assert(
      fc.property(anyPaths, anyPaths, (roots, excluded) => {
        const wanted = [...leavesOf(roots)].filter(leaf => !excluded.some(path => isWithin(leaf, path)))
        expect([...leavesOf(coverWithout(roots, excluded))].toSorted()).toEqual(wanted.toSorted())
      }),
    )
  })

  it('has no node within another, and none whose broader concept would do within the roots', () => {
    fc.assert(
      fc.property(anyPaths, anyPaths, (roots, excluded) => {
        const cover = coverWithout(roots, excluded)
        for (const path of cover) {
          expect(cover.filter(other => isWithin(path, other))).toEqual([path])
          const broader = path.slice(0, Math.max(0, path.lastIndexOf('/')))
          const fits = roots.some(root => isWithin(broader, root)) && !excluded.some(other => isWithin(other, broader))
          expect(fits).toBe(false)
        }
      }),
    )
  })

  it('never rises above a root, and keeps a facet of the member’s own', () => {
    const all = children('photos').map(concept => concept.path)
    expect(coverWithout(all, [])).toEqual(all)
    expect(coverWithout(['health/own-3f2a'], sensitiveFacets)).toEqual(['health/own-3f2a'])
    expect(coverWithout(['health'], ['health/own-3f2a'])).not.toContain('health')
  })

  it('grants all but the sensitive', () => {
    const cover = coverWithout(['health', 'family', 'photos'], sensitiveFacets)
    expect(cover).toContain('health/medications')
    for (const leaf of leavesOf(cover)) expect(isSensitive(leaf)).toBe(false)
  })
})
