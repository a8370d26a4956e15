/** Samir's few records of his own, and the papers of the cooperative whose steward he is. */
import { chart, type Resource } from '../charts/fhir.ts'
import { vaccine } from '../charts/resources.ts'
import { pdf } from '../files/pdf.ts'

export const samir: readonly Resource[] = chart(
  {
    id: 'samir',
    family: 'Haddad',
    given: 'Samir',
    born: '1978-11-30',
    gender: 'male',
    address: '27 rue Béchevelin, 69007 Lyon',
    phone: '06 39 98 55 18',
  },
  [
    vaccine({
      code: ['115', 'Rappel diphtérie, tétanos, coqueluche'],
      disease: 'Diphtérie, tétanos, coqueluche',
      date: '2023-12-05',
      dose: 1,
      lot: 'T4A215',
      by: 'Dr Hélène Vasseur, médecin généraliste, Lyon 7e',
    }),
    vaccine({
      code: ['150', 'Grippe saisonnière quadrivalente'],
      disease: 'Grippe',
      date: '2026-11-04',
      dose: 1,
      lot: 'G26A140',
      by: 'Pharmacie Jean-Macé, Lyon 7e',
    }),
  ],
)

export const statutes = pdf('Coopérative scolaire Les Tilleuls : statuts (extrait)', [
  'Article 1. Entre les familles et les enseignants de l’école des Tilleuls (Lyon 7e) est formée une coopérative. ' +
    'Elle organise la cantine du mercredi, les sorties et l’accueil du soir.',
  'Article 4. Chaque famille garde ses données chez elle. La coopérative ne lit que ce qu’un membre lui accorde, pour la ' +
    'durée qu’il choisit ; aucun vote ne peut l’obliger à en accorder davantage.',
  'Article 5. Les responsables admettent les membres et les retirent. Ils n’ont pas d’autre droit sur leurs données.',
  'Summary in English. The families own the cooperative. Everybody keeps their own records, lends what they choose for as ' +
    'long as they choose, and no vote can take that choice away.',
])

export const minutes = `Coopérative scolaire Les Tilleuls
Assemblée du 5 novembre 2026, salle de musique, 18 h 30

Présents : 19 familles sur 23. Animation : Samir Haddad.

1. Sortie au parc de la Tête d'Or le 12 décembre : les accompagnateurs ont besoin de connaître les vaccins et les
   allergies des enfants. Chaque famille les partage dans le cercle jusqu'à la sortie, et reprend l'accès ensuite.
2. Cantine du mercredi : 41 repas par semaine, 3,20 euros. Mamie Maggie propose un atelier bara brith.
3. Comptes : 1 286,40 euros au 31 octobre.

Next meeting on 14 January 2027. English speakers welcome, Margaret translates.
`
