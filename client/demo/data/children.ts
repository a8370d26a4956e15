/** What Claire keeps of her children: Lou, seven, and Noé's years before he had a vault of his own. */
import { chart, type Coded, type Resource } from '../charts/fhir.ts'
import { allergy, measures, problem, vaccine } from '../charts/resources.ts'

const paediatrician = 'Dr Anne Lefèvre, pédiatre, Lyon 7e'
const address = '14 rue des Trois-Pierres, 69007 Lyon'

/** The vaccines of every child in France, by CVX. */
const HEXAVALENT: Coded = ['146', 'Diphtérie, tétanos, polio, coqueluche, Hib, hépatite B (hexavalent)']
const PNEUMOCOCCUS: Coded = ['133', 'Pneumocoque conjugué 13-valent']
const MENINGOCOCCUS: Coded = ['103', 'Méningocoque C conjugué']
const MMR: Coded = ['03', 'Rougeole, oreillons, rubéole (ROR)']
const BOOSTER: Coded = ['130', 'Rappel diphtérie, tétanos, polio, coqueluche']

const diseases = new Map<Coded, string>([
  [HEXAVALENT, 'Diphtérie, tétanos, poliomyélite, coqueluche, Hib, hépatite B'],
  [PNEUMOCOCCUS, 'Infections à pneumocoque'],
  [MENINGOCOCCUS, 'Méningite à méningocoque C'],
  [MMR, 'Rougeole, oreillons, rubéole'],
  [BOOSTER, 'Diphtérie, tétanos, poliomyélite, coqueluche'],
])

/** A shared vaccine does not carry the patient's record along: its remark says whose it is. */
const vaccinesOf = (child: string, rows: readonly (readonly [Coded, string, number, string])[]): Resource[] =>
  rows.map(([code, date, dose, lot]) =>
    vaccine({
      code,
      date,
      dose,
      lot,
      disease: diseases.get(code) ?? '',
      by: paediatrician,
      note: `Carnet de santé de ${child}`,
    }),
  )

const lou = chart({ id: 'lou', family: 'Marchand', given: 'Lou', born: '2019-02-02', gender: 'female', address }, [
  ...vaccinesOf('Lou', [
    [HEXAVALENT, '2019-04-03', 1, 'A21CD417B'],
    [PNEUMOCOCCUS, '2019-04-03', 1, 'X53612'],
    [HEXAVALENT, '2019-06-05', 2, 'A21CD528A'],
    [PNEUMOCOCCUS, '2019-06-05', 2, 'X54107'],
    [MENINGOCOCCUS, '2019-07-08', 1, 'MC1946'],
    [HEXAVALENT, '2020-01-10', 3, 'A21CE090C'],
    [PNEUMOCOCCUS, '2020-01-10', 3, 'X58820'],
    [MMR, '2020-02-12', 1, 'R027745'],
    [MENINGOCOCCUS, '2020-02-12', 2, 'MC2061'],
    [MMR, '2020-07-15', 2, 'R031190'],
    [BOOSTER, '2025-03-19', 4, 'T4F882'],
  ]),
  allergy({
    text: 'Arachide',
    category: 'food',
    criticality: 'high',
    reactions: ['Urticaire', 'Gonflement des lèvres'],
    since: '2021-05',
    by: paediatrician,
    note: 'Trousse d’urgence à l’école et à la maison. Plan d’accueil individualisé (PAI) renouvelé en septembre 2026.',
  }),
  ...measures({ code: ['29463-7', 'Poids'], unit: 'kg', category: 'vital-signs', by: paediatrician }, [
    ['2023-02-08', 15.9],
    ['2024-02-07', 18.2],
    ['2025-03-19', 20.8],
    ['2026-02-11', 23.1],
  ]),
  ...measures({ code: ['8302-2', 'Taille'], unit: 'cm', category: 'vital-signs', by: paediatrician }, [
    ['2023-02-08', 101],
    ['2024-02-07', 108],
    ['2025-03-19', 115.5],
    ['2026-02-11', 121],
  ]),
])

const noe = chart({ id: 'noe', family: 'Marchand', given: 'Noé', born: '2011-09-09', gender: 'male', address }, [
  ...vaccinesOf('Noé', [
    [HEXAVALENT, '2011-11-10', 1, 'A21BA102A'],
    [HEXAVALENT, '2012-01-12', 2, 'A21BA377D'],
    [MMR, '2012-09-13', 1, 'R008812'],
    [HEXAVALENT, '2012-10-11', 3, 'A21BB054B'],
    [MENINGOCOCCUS, '2012-09-13', 1, 'MC0718'],
    [MMR, '2013-03-14', 2, 'R009960'],
    [BOOSTER, '2017-09-20', 4, 'T3A109'],
  ]),
  problem({
    code: ['J45.0', 'Asthme allergique'],
    since: '2017-11',
    by: paediatrician,
    note: 'Suivi par Noé lui-même depuis 2025, dans son propre coffre.',
  }),
])

export const children: readonly Resource[] = [...lou, ...noe]
