/** Noé's own chart: asthma, what he is allergic to, and what his sports club asks for. */
import { chart, type Resource } from '../charts/fhir.ts'
import { letter } from '../charts/events.ts'
import { allergy, measures, medicine, problem, vaccine } from '../charts/resources.ts'
import { pdf } from '../files/pdf.ts'

const doctor = 'Dr Hélène Vasseur, médecin généraliste, Lyon 7e'
const pneumologist = 'Dr Karim Oudjani, pneumologue, Lyon 3e'

export const sportsCertificate = pdf('Certificat médical', [
  'Cabinet du Dr Hélène Vasseur, médecin généraliste\n3 place Jean-Macé, 69007 Lyon',
  'Lyon, le 2 septembre 2026',
  'Je soussignée, Dr Hélène Vasseur, certifie avoir examiné ce jour Noé Marchand, né le 9 septembre 2011, et n’avoir pas ' +
    'constaté de contre-indication à la pratique de l’escalade et de la natation, y compris en compétition.',
  'Aménagement : salbutamol, deux bouffées un quart d’heure avant l’effort, inhalateur à portée de main.',
  'Certificat valable pour la saison 2026-2027.',
  'Dr H. Vasseur',
])

const actionPlan = pdf('Mon plan d’action pour l’asthme', [
  'Noé Marchand, 24 juin 2026, avec le Dr Oudjani',
  'VERT. Je respire bien, souffle au-dessus de 380 : budésonide matin et soir, salbutamol avant le sport.',
  'ORANGE. Je tousse la nuit, souffle entre 280 et 380 : salbutamol 2 bouffées toutes les 4 heures, prévenir un adulte, ' +
    'appeler le cabinet si rien ne change en 24 heures.',
  'ROUGE. Je parle mal, souffle sous 280 : salbutamol 6 bouffées, appeler le 15 (ou le 112), rester assis.',
])

export const noe: readonly Resource[] = chart(
  {
    id: 'noe',
    family: 'Marchand',
    given: 'Noé',
    born: '2011-09-09',
    gender: 'male',
    address: '14 rue des Trois-Pierres, 69007 Lyon',
    phone: '06 39 98 31 07',
    contact: 'Claire Marchand, mère, 06 39 98 12 44',
  },
  [
    problem({
      code: ['J45.0', 'Asthme allergique'],
      since: '2017-11',
      by: pneumologist,
      note: 'Bien contrôlé. Gêne à l’effort par temps froid et au printemps.',
    }),
    allergy({
      text: 'Pollens de graminées',
      category: 'environment',
      criticality: 'low',
      reactions: ['Rhume des foins', 'Toux'],
      since: '2016',
      by: pneumologist,
    }),
    allergy({
      text: 'Poils de chat',
      category: 'environment',
      criticality: 'low',
      reactions: ['Yeux qui piquent', 'Sifflements'],
      since: '2018',
      by: pneumologist,
    }),
    allergy({
      text: 'Kiwi',
      category: 'food',
      criticality: 'high',
      reactions: ['Gonflement de la bouche'],
      since: '2022-08',
      by: doctor,
      note: 'Réaction en août 2022, chez Mamie Maggie.',
    }),
    medicine({
      code: ['R03BA02', 'Budésonide 200 µg, inhalation'],
      dosage: '1 inhalation matin et soir, se rincer la bouche',
      date: '2026-06-24',
      until: '2027-06-24',
      by: pneumologist,
      reason: 'Asthme, traitement de fond',
    }),
    medicine({
      code: ['R03AC02', 'Salbutamol 100 µg, inhalation'],
      dosage: '2 bouffées en cas de gêne ou avant le sport',
      date: '2026-06-24',
      by: pneumologist,
      reason: 'Asthme',
    }),
    ...measures(
      { code: ['33452-4', 'Débit de pointe'], unit: 'L/min', low: 380, category: 'vital-signs', by: pneumologist },
      [
        ['2024-06-19', 345],
        ['2025-01-15', 372],
        ['2025-06-25', 398],
        ['2026-01-14', 376],
        ['2026-06-24', 425],
      ],
    ),
    ...measures({ code: ['8302-2', 'Taille'], unit: 'cm', category: 'vital-signs', by: doctor }, [
      ['2024-09-04', 163],
      ['2025-09-03', 170],
      ['2026-09-02', 175.5],
    ]),
    vaccine({
      code: ['165', 'Papillomavirus humain, 9-valent'],
      disease: 'Infections à papillomavirus',
      date: '2024-10-10',
      dose: 1,
      lot: 'H9K204',
      by: 'Collège Gabriel-Rosset, Lyon 7e',
    }),
    vaccine({
      code: ['165', 'Papillomavirus humain, 9-valent'],
      disease: 'Infections à papillomavirus',
      date: '2025-04-17',
      dose: 2,
      lot: 'H9K377',
      by: 'Collège Gabriel-Rosset, Lyon 7e',
    }),
    letter({
      title: 'Plan d’action pour l’asthme',
      type: ['18776-5', 'Plan de soins'],
      date: '2026-06-24T16:00:00+02:00',
      by: pneumologist,
      pdf: actionPlan,
    }),
  ],
)
