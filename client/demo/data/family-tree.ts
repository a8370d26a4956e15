/** Four generations of the invented family, Cardiff on one side, Lyon and the Jura on the other. */
import type { Household, Relative } from '../files/gedcom.ts'

const person = (
  id: string,
  sex: 'F' | 'M',
  given: string,
  family: string,
  born: string,
  more: Pick<Relative, 'died' | 'work' | 'note'> = {},
): Relative => ({ id, given, family, sex, born, ...more })

const eldest: Relative[] = [
  person('I1', 'M', 'Rhys', 'Evans', '3 MAR 1921, Merthyr Tydfil, Wales', {
    died: '19 NOV 1998, Cardiff, Wales',
    work: 'Coal miner, then tram conductor',
    note: 'Sang bass in the Cory choir for forty years. He kept the ticket punch of the last Cardiff trolleybus, 1970.',
  }),
  person('I2', 'F', 'Gwen', 'Davies', '27 AUG 1925, Cardiff, Wales', {
    died: '8 FEB 2010, Cardiff, Wales',
    work: 'Baker',
    note: 'Her bara brith recipe: soak the fruit overnight in strong tea, one egg, no butter, slow oven. She never measured.',
  }),
  person('I3', 'M', 'Marcel', 'Rousseau', '11 JAN 1919, Villeurbanne, France', {
    died: '2 OCT 1987, Lyon, France',
    work: 'Canut, tisseur en soie',
    note: 'Prisonnier en Silésie de 1940 à 1945. Il en est revenu avec un carnet de chansons, que Simone a gardé.',
  }),
  person('I4', 'F', 'Jeanne', 'Perrin', '22 MAY 1923, Givors, France', {
    died: '30 DEC 2004, Lyon, France',
    work: 'Ourdisseuse',
  }),
  person('I5', 'M', 'Émile', 'Marchand', '6 JUN 1924, Morez, France', {
    died: '14 APR 1995, Morez, France',
    work: 'Lunetier',
    note: 'Descendait à Lyon à vélo chaque été pour vendre ses montures. Cent soixante kilomètres, une nuit à Nantua.',
  }),
  person('I6', 'F', 'Louise', 'Garnier', 'ABT 1927, Les Rousses, France', { died: '1 MAR 2013, Morez, France' }),
  person('I7', 'M', 'Antoine', 'Blanc', '17 SEP 1922, Lyon, France', {
    died: '25 JUL 1979, Lyon, France',
    work: 'Cheminot',
  }),
  person('I8', 'F', 'Odette', 'Faure', '9 DEC 1926, Vienne, France', { died: '12 JUN 2018, Lyon, France' }),
]

const grandparents: Relative[] = [
  person('I9', 'F', 'Margaret', 'Evans', '14 MAY 1952, Cardiff, Wales', {
    work: 'English teacher',
    note: 'Came to Lyon in 1975 as an assistant for one school year. « Je suis toujours en train de la finir. »',
  }),
  person('I10', 'M', 'Bernard', 'Rousseau', '2 FEB 1949, Lyon, France', {
    died: '21 SEP 2019, Lyon, France',
    work: 'Imprimeur',
  }),
  person('I11', 'M', 'Owen', 'Evans', '30 JAN 1948, Cardiff, Wales', { died: '4 MAY 2021, Swansea, Wales' }),
  person('I12', 'F', 'Siân', 'Morgan', '18 OCT 1950, Swansea, Wales'),
  person('I13', 'F', 'Carys', 'Evans', '7 JUL 1955, Cardiff, Wales', { work: 'Midwife' }),
  person('I14', 'F', 'Simone', 'Rousseau', '13 APR 1953, Lyon, France'),
  person('I15', 'M', 'Jean', 'Marchand', '28 AUG 1951, Morez, France', { work: 'Opticien' }),
  person('I16', 'F', 'Hélène', 'Blanc', '5 MAR 1954, Lyon, France', { work: 'Infirmière scolaire' }),
  person('I17', 'M', 'Pierre', 'Marchand', '19 NOV 1956, Morez, France', { died: '8 JAN 1977, Morez, France' }),
]

const parents: Relative[] = [
  person('I18', 'F', 'Claire', 'Rousseau', '12 APR 1985, Lyon, France', { work: 'Architecte' }),
  person('I19', 'M', 'Thomas', 'Marchand', '23 JUN 1982, Lyon, France', { work: 'Luthier' }),
  person('I20', 'M', 'Julien', 'Rousseau', '1 DEC 1981, Lyon, France'),
  person('I21', 'F', 'Aïcha', 'Benali', '16 FEB 1984, Saint-Étienne, France'),
  person('I22', 'F', 'Sophie', 'Marchand', '10 OCT 1979, Lyon, France'),
  person('I23', 'M', 'Marc', 'Delorme', '29 JUL 1977, Bourg-en-Bresse, France'),
  person('I24', 'F', 'Bethan', 'Evans', '11 NOV 1976, Swansea, Wales', { work: 'Marine biologist' }),
  person('I25', 'M', 'Gareth', 'Evans', '3 SEP 1979, Swansea, Wales'),
]

const children: Relative[] = [
  person('I26', 'M', 'Noé', 'Marchand', '9 SEP 2011, Lyon, France'),
  person('I27', 'F', 'Lou', 'Marchand', '2 FEB 2019, Lyon, France'),
  person('I28', 'F', 'Inès', 'Rousseau', '20 MAR 2012, Lyon, France'),
  person('I29', 'M', 'Adam', 'Rousseau', '15 AUG 2015, Lyon, France'),
  person('I30', 'M', 'Hugo', 'Delorme', '27 JAN 2009, Bourg-en-Bresse, France'),
  person('I31', 'M', 'Dylan', 'Evans', '6 JUN 2008, Swansea, Wales'),
]

export const relatives: readonly Relative[] = [...eldest, ...grandparents, ...parents, ...children]

const couple = (id: string, husband: string, wife: string, married: string, ...kids: string[]): Household => ({
  id,
  husband,
  wife,
  married,
  children: kids,
})

export const households: readonly Household[] = [
  couple('F1', 'I1', 'I2', '5 APR 1947, Cardiff, Wales', 'I11', 'I9', 'I13'),
  couple('F2', 'I3', 'I4', '12 OCT 1946, Lyon, France', 'I10', 'I14'),
  couple('F3', 'I5', 'I6', '24 JUN 1950, Morez, France', 'I15', 'I17'),
  couple('F4', 'I7', 'I8', '3 MAY 1952, Lyon, France', 'I16'),
  couple('F5', 'I10', 'I9', '15 JUL 1978, Lyon, France', 'I20', 'I18'),
  couple('F6', 'I15', 'I16', '8 SEP 1976, Lyon, France', 'I22', 'I19'),
  couple('F7', 'I11', 'I12', '20 DEC 1975, Swansea, Wales', 'I24', 'I25'),
  couple('F8', 'I19', 'I18', '5 JUN 2010, Lyon, France', 'I26', 'I27'),
  couple('F9', 'I20', 'I21', '18 JUN 2011, Saint-Étienne, France', 'I28', 'I29'),
  { ...couple('F10', 'I23', 'I22', '30 AUG 2005, Bourg-en-Bresse, France', 'I30'), divorced: '2017' },
]
