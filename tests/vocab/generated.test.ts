// The generated files say what the Turtle says, and every term has both languages.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { generateFacets, generateTerms, readTurtle } from '../../vocab/generate.ts'
import { generateShapes } from '../../vocab/shapes.ts'

const read = (name: string): string => readFileSync(new URL(`../../vocab/${name}`, import.meta.url), 'utf8')
const RDFS = 'http://www.w3.org/2000/01/rdf-schema#'

describe('generated files', () => {
  it('are up to date: run `node vocab/generate.ts` when this fails', () => {
    expect(read('terms.ts')).toBe(generateTerms())
    expect(read('facets.ts')).toBe(generateFacets())
    expect(read('shapes.ttl')).toBe(generateShapes())
  })

  it('come from terms that all have a label and a comment in French and English', () => {
    const store = readTurtle('alveole.ttl')
    const subjects = store.getSubjects(`${RDFS}isDefinedBy`, null, null)
    expect(subjects.length).toBeGreaterThan(80)
    for (const subject of subjects) {
      for (const predicate of ['label', 'comment']) {
        const languages = store
          .getObjects(subject, `${RDFS}${predicate}`, null)
          .map(object => ('language' in object ? object.language : ''))
        expect(languages.toSorted()).toEqual(['en', 'fr'])
      }
    }
  })
})
