/**
 * On what ground of the GDPR an offer may ask, in DPV terms. Whatever it names, nothing is read before its member accepts:
 * the ground says why the group may keep and use what it then reads.
 */
import type { Localised } from './kind.ts'
import { euGdpr } from './terms.ts'

export interface LegalBasis {
  curie: string
  iri: string
  label: Localised
}

const basis = (term: Exclude<keyof typeof euGdpr, 'ns'>, fr: string, en: string): LegalBasis => ({
  curie: `eu-gdpr:${term}`,
  iri: euGdpr[term],
  label: { fr, en },
})

export const legalBases: readonly LegalBasis[] = Object.freeze([
  basis('A6-1-a', 'votre consentement (RGPD, article 6.1.a)', 'your consent (GDPR, Article 6(1)(a))'),
  basis(
    'A9-2-a',
    'votre consentement explicite (RGPD, article 9.2.a)',
    'your explicit consent (GDPR, Article 9(2)(a))',
  ),
  basis('A6-1-b', 'un contrat avec vous (RGPD, article 6.1.b)', 'a contract with you (GDPR, Article 6(1)(b))'),
  basis('A6-1-c', 'une obligation légale (RGPD, article 6.1.c)', 'a legal obligation (GDPR, Article 6(1)(c))'),
  basis('A6-1-d', 'vos intérêts vitaux (RGPD, article 6.1.d)', 'your vital interests (GDPR, Article 6(1)(d))'),
  basis('A6-1-e', 'une mission d’intérêt public (RGPD, article 6.1.e)', 'a public interest (GDPR, Article 6(1)(e))'),
  basis('A6-1-f', 'un intérêt légitime (RGPD, article 6.1.f)', 'a legitimate interest (GDPR, Article 6(1)(f))'),
  basis('A9-2-h', 'les soins (RGPD, article 9.2.h)', 'care (GDPR, Article 9(2)(h))'),
  basis('A9-2-i', 'la santé publique (RGPD, article 9.2.i)', 'public health (GDPR, Article 9(2)(i))'),
  basis('A9-2-j', 'la recherche (RGPD, article 9.2.j)', 'research (GDPR, Article 9(2)(j))'),
])

const byName = new Map(legalBases.flatMap(({ curie, iri }) => [[curie, iri] as const, [iri, iri] as const]))

/** The IRI of a legal basis, from its prefixed name or its IRI; null where it is none. */
export const legalBasis = (name: string): string | null => byName.get(name) ?? null
