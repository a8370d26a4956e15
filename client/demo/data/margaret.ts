/** Margaret's chart, in English as she thinks, from doctors in Lyon. */
import { chart, type Resource } from '../charts/fhir.ts'
import { appointment, letter, procedure, wish } from '../charts/events.ts'
import { allergy, bloodPressures, measures, medicine, problem, vaccine } from '../charts/resources.ts'
import { pdf } from '../files/pdf.ts'

const doctor = 'Dr Luc Berthier, general practitioner, Lyon 4e'
const laboratory = 'Laboratoire de la Croix-Rousse, Lyon 4e'
const pharmacy = 'Pharmacie du Gros-Caillou, Lyon 4e'

const directive = pdf('My wishes / Mes directives anticipées', [
  'I, Margaret Evans-Rousseau, born on 14 May 1952 in Cardiff, write this while I am well and of sound mind, in Lyon, on ' +
    '3 February 2025.',
  'If I can no longer say what I want and there is no reasonable hope of getting better: no resuscitation, no breathing ' +
    'machine, no feeding tube. I want to be free of pain, even if that shortens my life, and at home if it can be.',
  'Si je ne peux plus dire ce que je veux et qu’il n’y a plus d’espoir raisonnable : ni réanimation, ni respirateur, ni ' +
    'sonde d’alimentation. Je veux ne pas souffrir, même si cela abrège ma vie, et être chez moi si c’est possible.',
  'Personne de confiance : ma fille Claire Marchand, 06 39 98 12 44. Someone should play Rhys’s records. Not too loud.',
  'Margaret Evans-Rousseau',
])

const yearlyResults: Resource[] = [
  ...measures({ code: ['4548-4', 'HbA1c'], unit: '%', high: 7, by: laboratory }, [
    ['2020-03-10', 8.4],
    ['2021-03-09', 7.9],
    ['2022-03-15', 7.4],
    ['2023-03-14', 7.1],
    ['2024-03-12', 6.9],
    ['2025-03-11', 6.8],
    ['2026-03-10', 7.2],
  ]),
  ...measures({ code: ['1558-6', 'Fasting glucose'], unit: 'g/L', low: 0.7, high: 1.1, by: laboratory }, [
    ['2022-03-15', 1.48],
    ['2023-03-14', 1.36],
    ['2024-03-12', 1.24],
    ['2025-03-11', 1.21],
    ['2026-03-10', 1.33],
  ]),
  ...measures({ code: ['2160-0', 'Creatinine'], unit: 'mg/L', low: 6, high: 11, by: laboratory }, [
    ['2023-03-14', 8.8],
    ['2024-03-12', 9.1],
    ['2025-03-11', 9.6],
    ['2026-03-10', 9.9],
  ]),
  ...measures({ code: ['13457-7', 'LDL cholesterol'], unit: 'g/L', high: 1, by: laboratory }, [
    ['2023-03-14', 1.31],
    ['2024-03-12', 1.02],
    ['2025-03-11', 0.92],
    ['2026-03-10', 0.88],
  ]),
]

const medicines: Resource[] = [
  medicine({
    code: ['A10BA02', 'Metformin 1000 mg'],
    dosage: '1 tablet with breakfast and 1 with dinner',
    date: '2026-09-08',
    until: '2027-03-08',
    by: doctor,
    reason: 'Type 2 diabetes',
  }),
  medicine({
    code: ['C09AA05', 'Ramipril 5 mg'],
    dosage: '1 tablet in the morning',
    date: '2026-09-08',
    until: '2027-03-08',
    by: doctor,
    reason: 'High blood pressure',
  }),
  medicine({
    code: ['C10AA05', 'Atorvastatin 20 mg'],
    dosage: '1 tablet at bedtime',
    date: '2026-09-08',
    until: '2027-03-08',
    by: doctor,
    reason: 'Cholesterol',
  }),
  medicine({
    code: ['C03AA03', 'Hydrochlorothiazide 12.5 mg'],
    dosage: '1 tablet in the morning',
    date: '2023-03-21',
    until: '2024-03-19',
    ended: true,
    by: doctor,
    reason: 'High blood pressure',
    note: 'Stopped: cramps.',
  }),
]

const flu = (date: string, lot: string): Resource =>
  vaccine({ code: ['197', 'Influenza, high dose'], disease: 'Influenza', date, dose: 1, lot, by: pharmacy })

export const margaret: readonly Resource[] = chart(
  {
    id: 'margaret',
    family: 'Evans-Rousseau',
    given: 'Margaret',
    born: '1952-05-14',
    gender: 'female',
    address: '8 montée de la Grande-Côte, 69004 Lyon',
    phone: '06 39 98 70 52',
    contact: 'Claire Marchand, daughter, 06 39 98 12 44',
  },
  [
    problem({ code: ['E11.9', 'Type 2 diabetes'], since: '2016', by: doctor }),
    problem({ code: ['I10', 'High blood pressure'], since: '2009', by: doctor }),
    problem({ code: ['M17.1', 'Osteoarthritis of the right knee'], since: '2021', by: doctor }),
    allergy({
      text: 'Codeine',
      category: 'medication',
      criticality: 'low',
      reactions: ['Vomiting'],
      since: '2003',
      by: doctor,
    }),
    ...medicines,
    ...yearlyResults,
    ...bloodPressures({ whole: 'Blood pressure', upper: 'Systolic', lower: 'Diastolic' }, doctor, [
      ['2023-03-21', 152, 88],
      ['2024-03-19', 141, 84],
      ['2025-03-18', 136, 80],
      ['2026-03-17', 134, 78],
      ['2026-09-08', 138, 82],
    ]),
    flu('2024-10-22', 'HD24077'),
    flu('2025-10-21', 'HD25031'),
    flu('2026-10-20', 'HD26112'),
    vaccine({
      code: ['187', 'Zoster, recombinant'],
      disease: 'Shingles',
      date: '2024-05-15',
      dose: 2,
      lot: 'ZX4418',
      by: doctor,
    }),
    procedure('Cataract surgery, left eye', '2022-06-09', 'Dr Inès Khelifi, ophthalmologist', 'Clinique du Parc, Lyon'),
    appointment(
      'Eye check for diabetes',
      '2026-12-15T14:00:00+01:00',
      '2026-12-15T14:30:00+01:00',
      'Dr Inès Khelifi, ophthalmologist',
      'Yearly retinal photograph',
    ),
    wish('No resuscitation or life support without hope of recovery', '2025-02-03', 'Margaret Evans-Rousseau'),
    letter({
      title: 'Advance directive / Directives anticipées',
      type: ['42348-3', 'Advance directive'],
      date: '2025-02-03T10:00:00+01:00',
      by: 'Margaret Evans-Rousseau',
      pdf: directive,
    }),
  ],
)
