/** Terms of published vocabularies that we use. One line to use another; then run `node vocab/generate.ts`. */

export interface Foreign {
  prefix: string
  namespace: string
  terms: string
}

const list = (prefix: string, namespace: string, terms: string): Foreign => ({ prefix, namespace, terms })

export const foreign: readonly Foreign[] = [
  list(
    'acl',
    'http://www.w3.org/ns/auth/acl#',
    'Authorization agent agentClass agentGroup accessTo default mode Read Write Append Control AuthenticatedAgent owner',
  ),
  list('as', 'https://www.w3.org/ns/activitystreams#', 'Announce Note actor object content published inReplyTo to'),
  list(
    'dcterms',
    'http://purl.org/dc/terms/',
    'title description identifier created modified issued creator publisher subject source type format extent hasPart isPartOf valid date language license conformsTo relation Collection',
  ),
  list(
    'dpv',
    'https://w3id.org/dpv#',
    `ConsentRecord Consent ConsentGiven ConsentRefused ConsentWithdrawn ConsentExpired GuardianOfDataSubject DataSubject
    hasDataSubject hasRecipient hasDataController hasPersonalData hasPurpose hasLegalBasis hasConsentStatus hasDuration
    hasExpiryTime hasNotice isIndicatedBy isIndicatedAtTime hasIdentifier hasName hasContact hasConsentControl
    WithdrawConsent hasTechnicalMeasure Deidentification PersonalData Purpose HealthcareManagement ImproveHealthcare
    AcademicResearch ScientificResearch NonCommercialResearch ResearchAndDevelopment DataAltruism PublicBenefit
    PublicPolicyMaking ProvideOfficialStatistics ImprovePublicServices CommunicationManagement MemberPartnerManagement
    ServiceProvision PersonalisedBenefits IdentityVerification LegalCompliance RightsFulfillment
    FulfilmentOfContractualObligation EstablishContractualAgreement HumanResourceManagement DisputeManagement`,
  ),
  list('euDga', 'https://w3id.org/dpv/legal/eu/dga#', 'DataCooperative'),
  list(
    'euEhds',
    'https://w3id.org/dpv/legal/eu/ehds#',
    'PersonalisedHealthcare HealthcareScientificResearch PublicHealthSurveillance ImproveHealthcareEducation EnsureQualitySafetyHealthcare',
  ),
  list(
    'euGdpr',
    'https://w3id.org/dpv/legal/eu/gdpr#',
    'A6-1-a A6-1-b A6-1-c A6-1-d A6-1-e A6-1-f A9-2-a A9-2-h A9-2-i A9-2-j',
  ),
  list(
    'fhir',
    'http://hl7.org/fhir/',
    `AllergyIntolerance CarePlan Condition Consent Coverage Device DiagnosticReport DocumentReference Encounter
    Immunization MedicationStatement Observation Patient Procedure Resource`,
  ),
  list('foaf', 'http://xmlns.com/foaf/0.1/', 'Agent Person name mbox img knows primaryTopic'),
  list('ldp', 'http://www.w3.org/ns/ldp#', 'Container BasicContainer Resource contains inbox'),
  list('loinc', 'http://loinc.org/rdf/', ''),
  list('notify', 'http://www.w3.org/ns/solid/notifications#', 'subscription channelType WebSocketChannel2023'),
  list('notifyContext', 'https://www.w3.org/ns/solid/notification/v1', ''),
  list(
    'odrl',
    'http://www.w3.org/ns/odrl/2/',
    `Policy Agreement Offer Set Permission Prohibition Duty Constraint Party PartyCollection Asset AssetCollection
    permission prohibition duty target assigner assignee action read use constraint refinement leftOperand operator
    rightOperand dateTime elapsedTime purpose count compensate lt lteq gt gteq eq isA isAnyOf uid profile conflict inheritFrom`,
  ),
  list('org', 'http://www.w3.org/ns/org#', 'Organization Membership Role hasSubOrganization hasMember role member'),
  list('owl', 'http://www.w3.org/2002/07/owl#', 'Ontology sameAs'),
  list(
    'pd',
    'https://w3id.org/dpv/pd#',
    `HealthRecord MentalHealth Prescription Family FamilyStructure Contact Picture Location TravelHistory WorkHistory
    ProfessionalCertification OfficialID`,
  ),
  list('pim', 'http://www.w3.org/ns/pim/space#', 'storage Storage preferencesFile'),
  list(
    'prov',
    'http://www.w3.org/ns/prov#',
    `Entity Activity Agent wasDerivedFrom wasGeneratedBy wasAttributedTo wasAssociatedWith wasInvalidatedBy
    generatedAtTime startedAtTime endedAtTime used hadPrimarySource value`,
  ),
  list('rdf', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'type Property langString JSON value first rest nil'),
  list('rdfs', 'http://www.w3.org/2000/01/rdf-schema#', 'Class label comment seeAlso subClassOf range isDefinedBy'),
  list(
    'schema',
    'https://schema.org/',
    'Person Event Article Photograph DigitalDocument name description keywords dateCreated contentSize encodingFormat',
  ),
  list('sh', 'http://www.w3.org/ns/shacl#', 'NodeShape property path targetClass'),
  list(
    'skos',
    'http://www.w3.org/2004/02/skos/core#',
    'Concept ConceptScheme broader narrower prefLabel definition notation inScheme topConceptOf exactMatch closeMatch',
  ),
  list(
    'solid',
    'http://www.w3.org/ns/solid/terms#',
    'oidcIssuer privateTypeIndex publicTypeIndex TypeRegistration TypeIndex ListedDocument UnlistedDocument forClass instance instanceContainer account storageDescription InsertDeletePatch inserts deletes',
  ),
  list(
    'sosa',
    'http://www.w3.org/ns/sosa/',
    'Observation observedProperty hasResult hasSimpleResult resultTime phenomenonTime hasFeatureOfInterest madeBySensor',
  ),
  list(
    'vcard',
    'http://www.w3.org/2006/vcard/ns#',
    'Group Individual Organization hasMember fn hasEmail hasTelephone hasAddress hasPhoto',
  ),
  list(
    'xsd',
    'http://www.w3.org/2001/XMLSchema#',
    'string boolean integer decimal double date dateTime gYear gYearMonth duration anyURI base64Binary',
  ),
]
