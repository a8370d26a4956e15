/**
 * The purposes offered when sharing. Published DPV terms first; ours only where none says it. Purposes of commerce
 * and advertising are left out on purpose: identifiable health data cannot be offered for sale.
 */
import { alv, dpv, euEhds, prefixes } from './terms.ts'
import type { Localised } from './kind.ts'

export interface Purpose {
  curie: string
  iri: string
  label: Localised
}

const namespaces: readonly [string, string][] = [
  ['dpv', prefixes.dpv],
  ['eu-ehds', prefixes.euEhds],
  ['alv', prefixes.alv],
]

const curieOf = (iri: string): string => {
  const [prefix, namespace] = namespaces.find(([, start]) => iri.startsWith(start)) ?? ['', '']
  return `${prefix}:${iri.slice(namespace.length)}`
}

const offer = (iri: string, fr: string, en: string): Purpose => ({ curie: curieOf(iri), iri, label: { fr, en } })

export const purposes: readonly Purpose[] = Object.freeze([
  offer(dpv.HealthcareManagement, 'Me soigner', 'My care'),
  offer(alv.CareCoordination, 'Coordonner des soins ou une aide', 'Coordinating care or help'),
  offer(alv.Emergency, 'En cas d’urgence', 'In an emergency'),
  offer(alv.SecondOpinion, 'Demander un second avis', 'Asking for a second opinion'),
  offer(euEhds.PersonalisedHealthcare, 'Adapter mes soins', 'Personalised care'),
  offer(alv.FamilySharing, 'Partager en famille', 'Sharing with family'),
  offer(alv.FamilyMemory, 'Transmettre l’histoire de la famille', 'Passing on the family’s history'),
  offer(alv.Schooling, 'École, crèche, centre de loisirs', 'School, nursery, leisure centre'),
  offer(alv.PersonalUse, 'Mes propres appareils et aides', 'My own devices and aids'),
  offer(dpv.CommunicationManagement, 'Rester en contact', 'Keeping in touch'),
  offer(
    dpv.MemberPartnerManagement,
    'Vie d’une association ou d’une coopérative',
    'Running an association or cooperative',
  ),
  offer(dpv.ServiceProvision, 'Recevoir un service', 'Receiving a service'),
  offer(dpv.PersonalisedBenefits, 'Obtenir une aide ou un avantage', 'Obtaining a benefit'),
  offer(dpv.IdentityVerification, 'Prouver mon identité', 'Proving my identity'),
  offer(dpv.HumanResourceManagement, 'Emploi', 'Employment'),
  offer(dpv.EstablishContractualAgreement, 'Préparer un contrat', 'Preparing a contract'),
  offer(dpv.FulfilmentOfContractualObligation, 'Exécuter un contrat', 'Fulfilling a contract'),
  offer(dpv.LegalCompliance, 'Répondre à une obligation légale', 'Meeting a legal duty'),
  offer(dpv.RightsFulfillment, 'Exercer un droit', 'Exercising a right'),
  offer(dpv.DisputeManagement, 'Régler un litige', 'Settling a dispute'),
  offer(dpv.AcademicResearch, 'Recherche universitaire', 'Academic research'),
  offer(dpv.ScientificResearch, 'Recherche scientifique', 'Scientific research'),
  offer(dpv.NonCommercialResearch, 'Recherche sans but lucratif', 'Non-commercial research'),
  offer(dpv.ResearchAndDevelopment, 'Recherche et développement', 'Research and development'),
  offer(euEhds.HealthcareScientificResearch, 'Recherche en santé', 'Health research'),
  offer(euEhds.PublicHealthSurveillance, 'Veille sanitaire', 'Public health surveillance'),
  offer(euEhds.EnsureQualitySafetyHealthcare, 'Qualité et sécurité des soins', 'Quality and safety of care'),
  offer(dpv.ImproveHealthcare, 'Améliorer le système de santé', 'Improving healthcare'),
  offer(dpv.DataAltruism, 'Don de données pour l’intérêt général', 'Giving data for the common good'),
  offer(dpv.PublicBenefit, 'Intérêt public', 'Public benefit'),
  offer(dpv.ImprovePublicServices, 'Améliorer les services publics', 'Improving public services'),
  offer(dpv.ProvideOfficialStatistics, 'Statistique publique', 'Official statistics'),
])

const byCurie = new Map(purposes.flatMap(({ curie, iri }) => [[curie, iri] as const, [iri, iri] as const]))

/** The IRI of an offered purpose, from its prefixed name or its IRI; null when it is not offered. */
export const purpose = (curie: string): string | null => byCurie.get(curie) ?? null
