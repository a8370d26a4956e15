// GEDCOM: every line kept, people counted, the living told apart, encodings and broken files survived.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kind, leafOf } from '#vocab'
import type { Draft } from '../../client/core/formats/format.ts'
import { gedcom } from '../../client/core/formats/gedcom.ts'
import { decodeAnsel } from '../../client/core/formats/gedcom/ansel.ts'
import { gedcomDate, latestYear } from '../../client/core/formats/gedcom/dates.ts'
import { isCode } from '../../crypto/errors.ts'
import { countKinds, gather, samples, sourceFile, sourceText } from './read.ts'

const tree = (...lines: string[]): string => ['0 HEAD', '1 CHAR UTF-8', ...lines, '0 TRLR', ''].join('\n')
const read = (...lines: string[]) => gather(sourceFile('tree.ged', tree(...lines)))
const named = (drafts: readonly Draft[], name: string): Draft | undefined =>
  drafts.find(draft => draft.value['name'] === name)

const published = samples('gedcom')
const PEOPLE: { readonly [name: string]: number } = { 'allged.ged': 8, 'relationships.ged': 70, 'royal92.ged': 3010 }

// Said by name where the samples do not stand beside the project.
it.each(published.length === 0 ? ['published samples absent beside the project: only its own trees are read'] : [])(
  '%s',
  () => {
    expect(published).toEqual([])
  },
)

describe.each(published.map(file => [file.name, file] as const))('published sample %s', (name, file) => {
  it('keeps every line, and gives each record a leaf for each property', async () => {
    const { format, drafts, problems } = await gather(file)
    const text = await file.blob.text()
    expect(format).toBe('gedcom')
    expect(problems).toEqual([])
    expect(drafts.map(sourceText).join('') + (/0 TRLR\s*$/.exec(text)?.[0] ?? '')).toBe(text)
    expect(new Set(drafts.map(draft => draft.identity)).size).toBe(drafts.length)
    for (const draft of drafts) {
      for (const property of Object.keys(draft.value)) expect(leafOf(draft.kind, property, draft.value)).not.toBeNull()
      expect(kind(draft.kind)?.labelOf(draft.value, 'fr')).toBeTruthy()
    }
    expect(countKinds(drafts)['Person']).toBe(text.match(/^0 @[^@]+@ INDI/gm)?.length)
    expect(countKinds(drafts)['Person']).toBe(PEOPLE[name])
  })
})

describe('a small tree', async () => {
  const { drafts, problems } = await read(
    '0 @I1@ INDI',
    '1 NAME Jean /Moreau/',
    '1 SEX M',
    '1 BIRT',
    '2 DATE 3 MAR 1850',
    '2 PLAC Lyon',
    '1 DEAT Y',
    '1 OCCU Tisserand',
    '1 FAMS @F1@',
    '1 NOTE Il aimait @@ les abeilles',
    '2 CONT et le mi',
    '2 CONC el.',
    '1 NOTE @N1@',
    '0 @I2@ INDI',
    '1 NAME Anne /Petit/',
    '1 FAMS @F1@',
    '0 @I3@ INDI',
    '1 NAME Luc /Moreau/',
    '1 BIRT',
    '2 DATE ABT 1990',
    '1 FAMC @F1@',
    '2 PEDI adopted',
    '1 _EYES verts',
    '0 @F1@ FAM',
    '1 HUSB @I1@',
    '1 WIFE @I2@',
    '1 CHIL @I3@',
    '1 MARR',
    '2 DATE BET 1875 AND 1876',
    '1 DIV',
    '0 @N1@ NOTE Partagé',
    '0 @S1@ SOUR',
    '1 TITL Registre',
    '0 @U1@ SUBM',
    '1 NAME Moi',
    '0 @X1@ _CUSTOM',
  )
  const jean = named(drafts, 'Jean Moreau')

  it('becomes people, ties, events, stories and entries kept as they are', () => {
    expect(problems).toEqual([])
    expect(countKinds(drafts)).toEqual({ GedcomRecord: 4, Person: 3, LifeEvent: 6, Relationship: 3, Story: 2 })
    expect(jean?.value).toMatchObject({
      givenName: 'Jean',
      familyName: 'Moreau',
      sex: 'M',
      birthDate: '1850-03-03',
      birthPlace: 'Lyon',
      living: false,
    })
    const occupation = drafts.find(draft => draft.value['tag'] === 'OCCU')
    expect(occupation?.value).toMatchObject({ value: 'Tisserand', person: [{ ref: jean?.identity }] })
    expect(kind('LifeEvent')?.labelOf(occupation?.value ?? {}, 'fr')).toBe('Métier')
  })

  it('joins notes, and knows whom a shared one is about', () => {
    const stories = drafts.filter(draft => draft.kind === 'Story').map(draft => draft.value)
    expect(stories[0]).toMatchObject({
      content: 'Il aimait @ les abeilles\net le miel.',
      person: [{ ref: jean?.identity }],
    })
    expect(stories[1]).toMatchObject({ content: 'Partagé', person: [{ ref: jean?.identity }], living: false })
  })

  it('gives ties their kind, dates and pedigree', () => {
    const ties = drafts.filter(draft => draft.kind === 'Relationship').map(draft => draft.value)
    expect(ties[0]).toMatchObject({
      tie: 'spouse',
      person: { ref: jean?.identity },
      start: { start: '1875', end: '1876' },
    })
    expect(ties[1]).toMatchObject({
      tie: 'parent',
      relative: { ref: named(drafts, 'Luc Moreau')?.identity },
      pedigree: 'adopted',
    })
    expect(ties.every(tie => tie['living'] === true)).toBe(true)
  })

  it('takes for dead who married or had a dated spouse too long ago, and keeps the others under living', () => {
    expect(named(drafts, 'Anne Petit')?.value['living']).toBe(false)
    const luc = named(drafts, 'Luc Moreau')
    expect(luc?.value['living']).toBe(true)
    expect(leafOf('Person', 'name', luc?.value ?? {})).toBe('family/living/entry')
    expect(leafOf('Person', 'source', jean?.value ?? {})).toBe('family/source')
  })

  it('has the same identities when it is read again, with other line ends too', async () => {
    const lines = ['0 @I1@ INDI', '1 NAME A /B/', '1 BIRT', '2 DATE 1900']
    const one = await read(...lines)
    const two = await gather(sourceFile('other.ged', tree(...lines).replaceAll('\n', '\r\n')))
    expect(two.drafts.map(draft => draft.identity)).toEqual(one.drafts.map(draft => draft.identity))
  })
})

describe('who may be alive', () => {
  const year = new Date().getUTCFullYear()
  const living = async (...lines: string[]) =>
    (await read(...lines)).drafts.filter(draft => draft.kind === 'Person').map(draft => draft.value['living'])

  it('is everyone without a death whom nothing shows to be born 110 years ago', async () => {
    expect(await living('0 @I1@ INDI')).toEqual([true])
    expect(await living('0 @I1@ INDI', '1 BIRT', `2 DATE ${year - 109}`)).toEqual([true])
    expect(await living('0 @I1@ INDI', '1 BIRT', `2 DATE ${year - 110}`)).toEqual([false])
    expect(await living('0 @I1@ INDI', '1 BIRT', '2 DATE AFT 1700')).toEqual([true])
    expect(await living('0 @I1@ INDI', '1 BURI')).toEqual([false])
    expect(await living('0 @I1@ INDI', '1 CHAN', '2 DATE 1 JAN 1890')).toEqual([true])
  })

  it('bounds births by children and by parents, over generations and loops', async () => {
    const line = (child: string): string[] => [
      '0 @A@ INDI',
      '0 @B@ INDI',
      '0 @C@ INDI',
      ...(child ? ['1 BIRT', `2 DATE ${child}`] : []),
      '0 @F@ FAM',
      '1 HUSB @A@',
      '1 CHIL @B@',
      '0 @G@ FAM',
      '1 WIFE @B@',
      '1 CHIL @C@',
    ]
    expect(await living(...line(''))).toEqual([true, true, true])
    expect(await living(...line(`${year - 90}`))).toEqual([false, true, true])
    expect(
      await living('0 @A@ INDI', '1 BIRT', '2 DATE 1600', '0 @B@ INDI', '0 @F@ FAM', '1 HUSB @A@', '1 CHIL @B@'),
    ).toEqual([false, false])
    expect(await living('0 @A@ INDI', '0 @F@ FAM', '1 HUSB @A@', '1 CHIL @A@')).toEqual([true])
  })
})

describe('dates', () => {
  it.each([
    ['24 MAY 1819', '1819-05-24'],
    ['may 1819', '1819-05'],
    ['819', '0819'],
    ['31 FEB 1900', { text: '31 FEB 1900' }],
    ['ABT 1990', { text: 'ABT 1990', start: '1990' }],
    ['BEF 2 JAN 1700', { text: 'BEF 2 JAN 1700', end: '1700-01-02' }],
    ['FROM 1700 TO MAR 1701', { text: 'FROM 1700 TO MAR 1701', start: '1700', end: '1701-03' }],
    ['@#DFRENCH R@ 12 VEND 3', { text: '@#DFRENCH R@ 12 VEND 3' }],
    ['(unknown)', { text: '(unknown)' }],
    [' ', undefined],
  ])('%s', (text, expected) => expect(gedcomDate(text)).toEqual(expected))

  it('bounds years from above only where the words do', () => {
    expect(
      ['BET 1700 AND 1710', 'AFT 1700', 'FROM 1700', 'FROM 1700 TO 1702', '50 B.C.', '@#DHEBREW@ 5600'].map(latestYear),
    ).toEqual([1710, null, null, 1702, 0, null])
  })
})

describe('encodings', () => {
  const text = tree('0 @I1@ INDI', '1 NAME Élodie /Müller/').replace('1 CHAR UTF-8\n', '')
  const bytes = (characters: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(Array.from(characters, char => char.charCodeAt(0)))
  const wide = (little: boolean): Uint8Array<ArrayBuffer> => {
    const view = new DataView(new ArrayBuffer(text.length * 2))
    for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), little)
    return new Uint8Array(view.buffer)
  }

  it.each([
    ['UTF-8 that says nothing', text],
    ['UTF-8 with a mark', `\ufeff${text}`],
    ['UTF-16 little-endian without a mark', wide(true)],
    ['UTF-16 big-endian without a mark', wide(false)],
    ['UTF-16 with a mark', new Blob([Uint8Array.of(0xff, 0xfe), wide(true)])],
    ['ANSEL', bytes(text.replace('HEAD', 'HEAD\n1 CHAR ANSEL').replace('É', '\xe2E').replace('ü', '\xe8u'))],
    ['ANSI', bytes(text.replace('HEAD', 'HEAD\n1 CHAR ANSI'))],
  ])('reads %s', async (_name, content) => {
    const { format, drafts, problems } = await gather(sourceFile('tree', content))
    expect({ format, problems }).toEqual({ format: 'gedcom', problems: [] })
    expect(named(drafts, 'Élodie Müller')).toBeDefined()
  })

  it('reads bytes that are not what the file says, and says where they are', async () => {
    const { drafts, problems } = await gather(sourceFile('tree', bytes(text.replace('HEAD', 'HEAD\n1 CHAR ASCII'))))
    expect(named(drafts, 'Élodie Müller')).toBeDefined()
    expect(problems.map(problem => problem.reason)).toEqual(['encoding'])
  })

  it('puts ANSEL marks on the letter that follows, several at once too', () => {
    const decode = (...codes: number[]) => decodeAnsel(Uint8Array.from(codes))
    expect(decode(0xe2, 0x65, 0xf0, 0x63, 0xcf, 0xa5, 0xc3)).toEqual({ text: 'éçßÆ©', bad: -1 })
    expect(decode(0xe3, 0xe2, 0x61).text).toBe('ấ')
    expect(decode(0x61, 0x80)).toEqual({ text: 'a\ufffd', bad: 1 })
    expect(decode(0x61, 0xe1)).toEqual({ text: 'a\ufffd', bad: 1 })
  })
})

describe('broken trees', () => {
  it('names the lines that do not fit and keeps them in the source', async () => {
    const { drafts, problems } = await read(
      '0 @I1@ INDI',
      '1 NAME A /B/',
      'a line break in a note',
      '3 SEX M',
      '1 FAMS @F9@',
      '0 @I1@ INDI',
      '1 NAME C',
    )
    expect(problems).toEqual([
      { where: 'line 5', reason: 'bad-line' },
      { where: 'line 6', reason: 'bad-level' },
      { where: 'line 7', reason: 'missing-target' },
      { where: 'line 8', reason: 'same-id' },
    ])
    expect(drafts.map(sourceText).join('')).toContain('a line break in a note\n3 SEX M')
    expect(countKinds(drafts)['Person']).toBe(2)
  })

  it('keeps one record of two that are the same, and the lines of a family without ties', async () => {
    const { drafts, duplicates } = await read(
      '0 @I1@ INDI',
      '1 NAME A',
      '0 @I1@ INDI',
      '1 NAME A',
      '0 @F1@ FAM',
      '1 HUSB @I9@',
    )
    expect(countKinds(drafts)).toEqual({ GedcomRecord: 2, Person: 1 })
    expect(duplicates).toBe(1)
  })

  it('gives what stands before a cut, and says that it is cut', async () => {
    const whole = tree(
      '0 @I1@ INDI',
      '1 NAME A /B/',
      '1 BIRT',
      '2 DATE 1 JAN 1900',
      '0 @F1@ FAM',
      '1 HUSB @I1@',
      '1 WIFE @I2@',
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 6, max: whole.length - 7 }), async length => {
        const { drafts, problems } = await gather(sourceFile('cut.ged', whole.slice(0, length)), gedcom)
        expect(problems.map(problem => problem.reason)).toContain('cut-short')
        expect(drafts.map(sourceText).join('')).toBe(whole.slice(0, length))
      }),
    )
  })

  it('survives any lines', async () => {
    const tag = fc.constantFrom(
      'INDI',
      'FAM',
      'NOTE',
      'NAME',
      'BIRT',
      'DATE',
      'FAMC',
      'HUSB',
      'CHIL',
      'CONC',
      'ADOP',
      'MARR',
      'CHAR',
      'TRLR',
    )
    const value = fc.constantFrom('', ' @A@', ' @B@', ' //', ' 1900', ' Y', ' @@', ' @#DJULIAN@ 1 JAN 1700')
    const line = fc
      .tuple(fc.integer({ min: 0, max: 99 }), fc.constantFrom('', ' @A@', ' @B@'), tag, value)
      .map(([level, xref, name, more]) => `${level}${xref} ${name}${more}`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(line, fc.string()), { maxLength: 40 }), async lines => {
        const { drafts } = await read(...lines)
        for (const draft of drafts) expect(draft.identity).toMatch(/^gedcom:[\w-]{43}$/)
      }),
    )
  })

  it('refuses what is no tree', async () => {
    for (const [text, reason] of [
      ['', 'empty'],
      ['1 NAME A', 'not-gedcom'],
      ['hello', 'not-gedcom'],
    ] as const) {
      await expect(gather(sourceFile('x.ged', text), gedcom)).rejects.toMatchObject({
        code: 'bad-file',
        detail: { file: 'x.ged', reason },
      })
    }
    await expect(
      gather(sourceFile('x.ged', 'hello'), gedcom).catch((error: unknown) => isCode(error, 'bad-file')),
    ).resolves.toBe(true)
  })
})
