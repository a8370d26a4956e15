// FHIR: every resource kept byte for byte, counts right, identities stable, hostile files survived.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kind, leafOf } from '#vocab'
import { fhir } from '../../client/core/formats/fhir.ts'
import { isCode } from '../../crypto/errors.ts'
import { countKinds, fixture, gather, samples, sourceFile, sourceText } from './read.ts'

const KINDS: { readonly [type: string]: string } = {
  AllergyIntolerance: 'Allergy',
  CarePlan: 'CarePlan',
  Claim: 'Coverage',
  Composition: 'Document',
  Condition: 'Condition',
  Consent: 'Directive',
  DiagnosticReport: 'DiagnosticReport',
  Encounter: 'Encounter',
  ExplanationOfBenefit: 'Coverage',
  Immunization: 'Immunization',
  Medication: 'Medication',
  MedicationRequest: 'Medication',
  MedicationStatement: 'Medication',
  Observation: 'Observation',
  Patient: 'Patient',
  Procedure: 'Procedure',
}

interface PlainBundle {
  entry: { resource: { resourceType: string } }[]
}

const published = [...samples('fhir'), ...samples('ips')]

// Said by name where the samples do not stand beside the project.
it.each(published.length === 0 ? ['published samples absent beside the project: only its own fixtures are read'] : [])(
  '%s',
  () => {
    expect(published).toEqual([])
  },
)

describe.each(published.map(file => [file.name, file] as const))('published sample %s', (_name, file) => {
  it('gives every resource its kind, its exact text and a leaf for each property', async () => {
    const text = await file.blob.text()
    const plain = JSON.parse(text) as PlainBundle
    const expected: Record<string, number> = {}
    for (const { resource } of plain.entry) {
      const name = KINDS[resource.resourceType] ?? 'Resource'
      expected[name] = (expected[name] ?? 0) + 1
    }
    const { format, drafts, problems, duplicates } = await gather(file)
    expect(format).toBe('fhir')
    expect({ problems, duplicates }).toEqual({ problems: [], duplicates: 0 })
    expect(countKinds(drafts)).toEqual(expected)
    let at = 0
    for (const [index, draft] of drafts.entries()) {
      const source = sourceText(draft)
      // In file order and found verbatim further on: every slice is the very text of the file.
      at = text.indexOf(source, at)
      expect(at).toBeGreaterThanOrEqual(0)
      at += source.length
      expect(JSON.parse(source)).toEqual(plain.entry[index]?.resource)
      for (const property of Object.keys(draft.value)) expect(leafOf(draft.kind, property, draft.value)).not.toBeNull()
      expect(kind(draft.kind)?.labelOf(draft.value, 'fr')).toBeTruthy()
    }
    expect(new Set(drafts.map(draft => draft.identity)).size).toBe(drafts.length)
    expect(drafts.filter(draft => draft.kind !== 'Resource').every(draft => draft.raw !== true)).toBe(true)
  })
})

describe('a bundle with everything in it', async () => {
  const gathered = await gather(fixture('bundle.fhir'))
  const of = (name: string) => gathered.drafts.find(draft => draft.kind === name)

  it('keeps what is whole and names the place of what is not', () => {
    expect(countKinds(gathered.drafts)).toEqual({
      Patient: 1,
      Observation: 1,
      Medication: 1,
      Resource: 1,
      Immunization: 1,
      Condition: 1,
    })
    expect(gathered.duplicates).toBe(1)
    expect(gathered.problems).toEqual([
      { where: 'entry[6].resource.code', reason: 'wrong-type' },
      { where: 'entry[6].resource.clinicalStatus', reason: 'wrong-type' },
      { where: 'entry[7]', reason: 'no-resource' },
      { where: 'entry[8].resource', reason: 'wrong-type' },
      { where: 'entry[9]', reason: 'wrong-type' },
      { where: 'entry[10].resource', reason: 'no-type' },
    ])
  })

  it('keeps numbers as written and dates in their precision', () => {
    expect(of('Observation')?.value['value']).toEqual({ value: '1.50', unit: 'm' })
    expect(sourceText(of('Observation') ?? { kind: '', value: {}, identity: '' })).toContain('"value": 1.50')
    expect(of('Patient')?.value['birthDate']).toBe('1980-02')
    expect(of('Immunization')?.value['date']).toEqual({ text: 'as a child' })
  })

  it('turns references into identities, by fullUrl and by type and id, and reads contained resources', () => {
    const ref = { ref: of('Patient')?.identity }
    for (const name of ['Observation', 'Medication', 'Immunization'])
      expect(of(name)?.value['subject']).toEqual({ ...ref, display: 'Élodie Martin' })
    expect(of('Medication')?.value).toMatchObject({ text: 'Paracetamol 500 mg', dosage: ['1 tablet at night'] })
  })

  it('files by facet: vital signs, marked as psychiatric, address apart', () => {
    expect(leafOf('Observation', 'value', of('Observation')?.value ?? {})).toBe('health/vitals/entry')
    expect(leafOf('Medication', 'source', of('Medication')?.value ?? {})).toBe('health/mental/source')
    expect(leafOf('Patient', 'address', of('Patient')?.value ?? {})).toBe('health/summary/contact')
  })

  it('keeps an unknown type whole and says so', () => {
    expect(of('Resource')).toMatchObject({ raw: true, value: { resourceType: 'NutritionOrder' } })
  })
})

describe('other shapes', () => {
  const condition = '{"resourceType":"Condition","code":{"text":"Asthma"}}'

  it('reads one resource, and one a line, with or without a byte order mark', async () => {
    expect((await gather(sourceFile('a', `\ufeff${condition}\n`))).drafts[0]?.value['text']).toBe('Asthma')
    const lines = await gather(sourceFile('b', `${condition}\r\n{"resourceType":"Patient"}\r\n{"resourceType":`))
    expect(countKinds(lines.drafts)).toEqual({ Condition: 1, Patient: 1 })
    expect(lines.problems).toEqual([{ where: 'character 99', reason: 'cut-short' }])
  })

  it('gives the same content the same identity, however it is written', async () => {
    const other = '{ "code" : { "text" : "\\u0041sthma" },\n"resourceType" : "Condition" }'
    const [one, two] = [await gather(sourceFile('a', condition)), await gather(sourceFile('b', other))]
    expect(two.drafts[0]?.identity).toBe(one.drafts[0]?.identity)
    const number = (text: string) => gather(sourceFile('n', `{"resourceType":"Basic","x":${text}}`))
    expect((await number('1.5')).drafts[0]?.identity).not.toBe((await number('1.50')).drafts[0]?.identity)
  })

  it('keeps what surrounded the entries of a document with its Composition', async () => {
    const text =
      '{"resourceType":"Bundle","type":"document","timestamp":"2024","entry":[{"resource":{"resourceType":"Composition","title":"T"}}],"signature":{}}'
    const { drafts } = await gather(sourceFile('d', text))
    expect(drafts[0]?.value['envelope']).toEqual({
      mediaType: 'application/fhir+json',
      text: '{"resourceType":"Bundle","type":"document","timestamp":"2024","entry":[],"signature":{}}',
    })
  })

  it('takes the file out of a document', async () => {
    const text =
      '{"resourceType":"DocumentReference","content":[{"attachment":{"contentType":"text/plain","title":"lettre","data":"Qm9uam91cg=="}}]}'
    const [attachment] = (await gather(sourceFile('d', text))).drafts[0]?.attachments ?? []
    expect(attachment).toMatchObject({ property: 'content', name: 'lettre', mediaType: 'text/plain' })
    expect(await attachment?.blob.text()).toBe('Bonjour')
    const odd = await gather(sourceFile('d', '{"resourceType":"Binary","contentType":"text/plain","data":"*"}'))
    expect(odd.problems).toEqual([{ where: 'Binary.data', reason: 'wrong-type' }])
  })
})

const refusal = async (content: BlobPart): Promise<unknown> => {
  try {
    await gather(sourceFile('odd.json', content), fhir)
    return 'read'
  } catch (error) {
    return isCode(error, 'bad-file') ? error.detail : error
  }
}

describe('hostile files', () => {
  it.each([
    ['nothing', '', { where: 'byte 0', reason: 'empty' }],
    ['no JSON', 'resourceType', { where: 'character 0', reason: 'not-fhir' }],
    ['JSON of something else', '{"type":"Bundle"}', { where: 'resourceType', reason: 'not-fhir' }],
    ['a list', '[{"resourceType":"Patient"}]', { where: 'character 0', reason: 'not-fhir' }],
    ['a resource cut short', '{"resourceType":"Patient","na', { where: 'character 26', reason: 'cut-short' }],
    ['entries that are no list', '{"resourceType":"Bundle","entry":{}}', { where: 'entry', reason: 'wrong-type' }],
    ['an empty bundle', '{"resourceType":"Bundle","entry":[]}', { where: 'entry', reason: 'no-resource' }],
    ['a syntax error', '{"resourceType":"Patient","a":tru3}', { where: 'character 30', reason: 'syntax' }],
    [
      'deep nesting',
      `{"resourceType":"Basic","a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
      { where: 'Basic', reason: 'too-deep' },
    ],
    [
      'deep nesting cut short',
      `{"resourceType":"Basic","a":${'[{"b":'.repeat(1e5)}`,
      { where: 'character 600028', reason: 'cut-short' },
    ],
  ])('says where and why: %s', async (_name, content, detail) => {
    expect(await refusal(content)).toEqual({ file: 'odd.json', ...detail })
  })

  it('names the first byte that is no UTF-8', async () => {
    const bytes = new TextEncoder().encode(`{"resourceType":"Patient","x":"${'é'.repeat(70_000)}?"}`)
    const at = bytes.length - 3
    bytes[at] = 0xe9
    expect(await refusal(bytes)).toEqual({ file: 'odd.json', where: `byte ${at + 1}`, reason: 'encoding' })
  })

  it('gives all that came before a cut, wherever it is', async () => {
    const whole = await fixture('bundle.fhir').blob.text()
    const all = (await gather(fixture('bundle.fhir'))).drafts.map(draft => draft.identity)
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.trimEnd().length - 1), async length => {
        const file = sourceFile('cut.json', whole.slice(0, length))
        try {
          const { drafts, problems } = await gather(file, fhir)
          expect(drafts.map(draft => draft.identity)).toEqual(all.slice(0, drafts.length))
          expect(problems.length).toBeGreaterThan(0)
        } catch (error) {
          if (!isCode(error, 'bad-file')) throw error
        }
      }),
    )
  })

  it('never fails otherwise, whatever the values are', async () => {
    const odd = fc.dictionary(
      fc.constantFrom(
        'code',
        'subject',
        'meta',
        'contained',
        'valueQuantity',
        'category',
        'name',
        'content',
        '__proto__',
        'period',
      ),
      fc.jsonValue(),
    )
    const type = fc.constantFrom(...Object.keys(KINDS), 'DocumentReference', 'Device', 'Unknown')
    await fc.assert(
      fc.asyncProperty(type, odd, async (resourceType, members) => {
        const { drafts } = await gather(sourceFile('odd', JSON.stringify({ ...members, resourceType })), fhir)
        expect(drafts).toHaveLength(1)
      }),
    )
  })

  it('stops when the person gives up', async () => {
    const run = async () => {
      for await (const item of fhir.read(fixture('bundle.fhir'), AbortSignal.abort())) expect(item).toBeUndefined()
    }
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' })
  })
})
