/** GEDCOM 5.5.1 from short rows: people, then families, as a genealogy program would export them. */

export interface Relative {
  id: string
  given: string
  family: string
  sex: 'F' | 'M'
  /** GEDCOM date and place, with a comma and a space between. */
  born: string
  died?: string
  work?: string
  note?: string
}

export interface Household {
  id: string
  husband: string
  wife: string
  married: string
  divorced?: string
  children: readonly string[]
}

const LONGEST = 200

/** `14 JUL 1950, Lyon, France` */
function event(tag: string, when: string | undefined): string[] {
  if (when === undefined) return []
  const [date, ...place] = when.split(', ')
  return [`1 ${tag}`, `2 DATE ${date}`, ...(place.length ? [`2 PLAC ${place.join(', ')}`] : [])]
}

/** Long text goes on in CONC lines. */
function note(text: string | undefined): string[] {
  const parts = text?.match(new RegExp(`.{1,${LONGEST}}`, 'gu')) ?? []
  return parts.map((part, index) => (index ? `2 CONC ${part}` : `1 NOTE ${part}`))
}

const individual = (one: Relative, households: readonly Household[]): string[] => [
  `0 @${one.id}@ INDI`,
  `1 NAME ${one.given} /${one.family}/`,
  `2 GIVN ${one.given}`,
  `2 SURN ${one.family}`,
  `1 SEX ${one.sex}`,
  ...event('BIRT', one.born),
  ...(one.work ? [`1 OCCU ${one.work}`] : []),
  ...event('DEAT', one.died),
  ...households.filter(({ children }) => children.includes(one.id)).map(({ id }) => `1 FAMC @${id}@`),
  ...households.filter(({ husband, wife }) => [husband, wife].includes(one.id)).map(({ id }) => `1 FAMS @${id}@`),
  ...note(one.note),
]

const household = ({ id, husband, wife, married, divorced, children }: Household): string[] => [
  `0 @${id}@ FAM`,
  `1 HUSB @${husband}@`,
  `1 WIFE @${wife}@`,
  ...children.map(child => `1 CHIL @${child}@`),
  ...event('MARR', married),
  ...event('DIV', divorced),
]

export function gedcom(submitter: string, relatives: readonly Relative[], households: readonly Household[]): string {
  const head = ['0 HEAD', '1 SOUR ALVEOLE-DEMO', '1 SUBM @U1@', '1 GEDC', '2 VERS 5.5.1', '2 FORM LINEAGE-LINKED']
  const lines = [
    ...head,
    '1 CHAR UTF-8',
    '0 @U1@ SUBM',
    `1 NAME ${submitter}`,
    ...relatives.flatMap(one => individual(one, households)),
    ...households.flatMap(household),
    '0 TRLR',
  ]
  return `${lines.join('\n')}\n`
}
