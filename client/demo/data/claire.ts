/** Claire's own chart, in French. */
import { chart, type Resource } from '../charts/fhir.ts'
import { appointment, letter, procedure } from '../charts/events.ts'
import { allergy, bloodPressures, finding, measures, medicine, problem, vaccine } from '../charts/resources.ts'
import { pdf } from '../files/pdf.ts'

const doctor = 'Dr Hélène Vasseur, médecin généraliste, Lyon 7e'
const midwife = 'Nadia Ferreira, sage-femme, Lyon 3e'
const laboratory = 'Laboratoire du Rhône, Lyon 7e'
const maternity = 'Maternité de la Croix-Rousse, Lyon'

const bloodResults: Resource[] = [
  ...measures({ code: ['2276-4', 'Ferritine'], unit: 'ug/L', low: 15, high: 150, by: laboratory }, [
    ['2023-10-04', 9],
    ['2024-04-10', 21],
    ['2025-10-08', 34],
    ['2026-10-07', 12],
  ]),
  ...measures({ code: ['718-7', 'Hémoglobine'], unit: 'g/dL', low: 12, high: 16, by: laboratory }, [
    ['2023-10-04', 11.4],
    ['2024-04-10', 12.8],
    ['2025-10-08', 13.3],
    ['2026-10-07', 12.1],
  ]),
  ...measures({ code: ['3016-3', 'TSH'], unit: 'mU/L', low: 0.4, high: 4, by: laboratory }, [
    ['2024-04-10', 2.1],
    ['2026-10-07', 2.4],
  ]),
  ...measures({ code: ['2093-3', 'Cholestérol total'], unit: 'g/L', high: 2, by: laboratory }, [
    ['2023-10-04', 1.84],
    ['2026-10-07', 1.92],
  ]),
]

const pregnancies: Resource[] = [
  finding(['11639-2', 'Naissances à terme'], '2019-02-02', '2'),
  finding(['11640-0', 'Naissances, total'], '2019-02-02', '2 : Noé (2011), Lou (2019)'),
  finding(['11614-5', 'Fausses couches'], '2016-05-23', '1, à neuf semaines'),
  procedure('Accouchement par voie basse : Lou, 3 240 g', '2019-02-02', midwife, maternity),
  procedure('Accouchement par césarienne : Noé, 3 510 g', '2011-09-09', 'Dr Paul Garand, obstétricien', maternity),
]

const reminder = pdf('Compte rendu de consultation', [
  'Cabinet du Dr Hélène Vasseur, médecin généraliste\n3 place Jean-Macé, 69007 Lyon',
  'Lyon, le 14 octobre 2026',
  'Madame Claire Marchand, née le 12 avril 1985.',
  'Fatigue depuis l’été. Examen sans particularité, tension 11,8/7,4. La prise de sang du 7 octobre montre une ferritine ' +
    'basse (12 µg/L) avec une hémoglobine à la limite inférieure (12,1 g/dL) ; thyroïde normale.',
  'Conclusion : carence en fer sans anémie. Fer par voie orale trois mois, puis contrôle. Conseils alimentaires remis.',
  'Prochain rendez-vous : 18 janvier 2027, avec les résultats du contrôle.',
  'Dr H. Vasseur',
])

export const claire: readonly Resource[] = chart(
  {
    id: 'claire',
    family: 'Marchand',
    given: 'Claire',
    born: '1985-04-12',
    gender: 'female',
    address: '14 rue des Trois-Pierres, 69007 Lyon',
    phone: '06 39 98 12 44',
    contact: 'Thomas Marchand, mari, 06 39 98 12 45',
  },
  [
    problem({ code: ['E61.1', 'Carence en fer'], since: '2023-10', by: doctor }),
    problem({ code: ['G43.1', 'Migraine avec aura'], since: '2008', by: doctor, note: 'Deux à trois crises par an.' }),
    allergy({
      text: 'Pénicilline',
      category: 'medication',
      criticality: 'high',
      reactions: ['Éruption étendue'],
      since: '1994',
      by: doctor,
      note: 'Enfance. Test cutané positif en 2012.',
    }),
    medicine({
      code: ['B03AA07', 'Sulfate de fer 80 mg'],
      dosage: '1 comprimé le matin, à distance du thé et du café',
      date: '2026-10-14',
      until: '2027-01-14',
      by: doctor,
      reason: 'Carence en fer',
      note: 'Contrôle de la ferritine à la fin du traitement.',
    }),
    medicine({
      code: ['N02CC01', 'Sumatriptan 50 mg'],
      dosage: '1 comprimé au début de la crise, 2 par jour au plus',
      date: '2026-03-03',
      by: doctor,
      reason: 'Migraine',
    }),
    ...bloodResults,
    ...bloodPressures({ whole: 'Tension artérielle', upper: 'Systolique', lower: 'Diastolique' }, doctor, [
      ['2024-10-09', 116, 72],
      ['2025-10-15', 121, 76],
      ['2026-10-14', 118, 74],
    ]),
    vaccine({
      code: ['115', 'Rappel diphtérie, tétanos, coqueluche'],
      disease: 'Diphtérie, tétanos, coqueluche',
      date: '2018-11-20',
      dose: 1,
      lot: 'T3C771',
      by: midwife,
      note: 'Pendant la grossesse de Lou.',
    }),
    vaccine({
      code: ['150', 'Grippe saisonnière quadrivalente'],
      disease: 'Grippe',
      date: '2026-10-21',
      dose: 1,
      lot: 'G26A118',
      by: 'Pharmacie Jean-Macé, Lyon 7e',
    }),
    ...pregnancies,
    appointment(
      'Contrôle de la ferritine',
      '2027-01-18T09:30:00+01:00',
      '2027-01-18T09:50:00+01:00',
      doctor,
      'Fin du traitement par le fer',
    ),
    letter({
      title: 'Compte rendu de consultation du 14 octobre 2026',
      type: ['11488-4', 'Compte rendu de consultation'],
      date: '2026-10-14T11:20:00+02:00',
      by: doctor,
      pdf: reminder,
    }),
  ],
)
