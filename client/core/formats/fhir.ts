/**
 * FHIR R4 JSON (hl7.org/fhir/R4/json.html): a resource, a Bundle of any type, an International Patient Summary,
 * NDJSON. Two passes: the first finds every resource and gives it an identity, so that the second can turn
 * references into records whatever their order. Every resource is kept as its exact text; known types also get
 * properties.
 */
import type { Json, RecordValue } from '#vocab'
import { checkSignal } from '../parallel.ts'
import { badFile, bytesOf, decodeUtf8 } from './fail.ts'
import { canonical, JsonError, Scanner } from './fhir/json.ts'
import { mappingOf } from './fhir/mappings.ts'
import { References } from './fhir/references.ts'
import { coding, compact } from './fhir/types.ts'
import type { Raw } from './fhir/json.ts'
import { View } from './fhir/view.ts'
import { walk } from './fhir/walk.ts'
import type { Found } from './fhir/walk.ts'
import type { Draft, Format, Item, Problem, SourceFile } from './format.ts'
import { hashText } from './hash.ts'

const LIMIT = 256 * 1024 * 1024
const MEDIA_TYPE = 'application/fhir+json'

interface Entry {
  found: Found
  identity: string
}

interface Survey {
  entries: Entry[]
  problems: Problem[]
  references: References
}

const parsed = (text: string, { start, end }: Found): Map<string, Raw> => {
  const scanner = new Scanner(text.slice(start, end))
  const raw = scanner.parse()
  if (!(raw instanceof Map)) throw new JsonError('wrong-type', start)
  return raw
}

/** First pass: positions, identities and names. */
async function survey(text: string, signal?: AbortSignal): Promise<Survey> {
  const result: Survey = { entries: [], problems: [], references: new References() }
  for (const step of walk(text)) {
    checkSignal(signal)
    if ('problem' in step) {
      result.problems.push(step.problem)
      continue
    }
    const { found } = step
    try {
      const raw = parsed(text, found)
      const identity = `fhir:${await hashText(canonical(raw))}`
      // Odd types are reported once, in the second pass.
      result.references.add(found.type, found.fullUrl, new View(raw, found.where, new Set()), identity)
      result.entries.push({ found, identity })
    } catch (error) {
      if (!(error instanceof JsonError)) throw error
      result.problems.push({ where: found.where, reason: error.fault })
    }
  }
  return result
}

function draftOf(
  text: string,
  { found, identity }: Entry,
  references: References,
): { draft: Draft; wrong: Set<string> } {
  const wrong = new Set<string>()
  const view = new View(parsed(text, found), found.where, wrong)
  const around = references.from(view)
  const { mapping, raw } = mappingOf(found.type)
  const owner = raw ? undefined : (view.object('subject') ?? view.object('patient') ?? view.object('beneficiary'))
  const value: RecordValue = compact({
    ...mapping.properties(view, around),
    resourceType: found.type,
    fhirId: view.text('id'),
    fullUrl: found.fullUrl ?? undefined,
    labels: view.object('meta')?.objects('security').map(coding),
    subject: patient(around.ref(owner), around.who(owner)),
    encounter: raw ? undefined : around.ref(view.object('encounter')),
    envelope: found.envelope === null ? undefined : { mediaType: MEDIA_TYPE, text: found.envelope },
    source: { mediaType: MEDIA_TYPE, text: text.slice(found.start, found.end) },
  })
  const attachments = mapping.attachments?.(view) ?? []
  const draft: Draft = {
    kind: mapping.kind,
    value,
    identity,
    ...(attachments.length > 0 && { attachments }),
    ...(raw && { raw }),
  }
  return { draft, wrong }
}

/** Whose it is, by name too: whoever is shown this record may not be shown the person's own. */
const patient = (reference: Json | undefined, name: string | undefined): Json | undefined =>
  name === undefined ? reference : { ...(Array.isArray(reference) ? {} : Object(reference)), display: name }

async function* read(file: SourceFile, signal?: AbortSignal): AsyncGenerator<Item> {
  const text = decodeUtf8(await bytesOf(file, LIMIT), file)
  if (text.trim() === '') throw badFile(file, 'byte 0', 'empty')
  const { entries, problems, references } = await survey(text, signal)
  const first = problems[0]
  if (entries.length === 0) throw badFile(file, first?.where ?? 'byte 0', first?.reason ?? 'not-fhir')
  const given = new Set<string>()
  for (const [index, entry] of entries.entries()) {
    checkSignal(signal)
    if (given.has(entry.identity)) {
      yield { duplicate: { identity: entry.identity, where: entry.found.where } }
      continue
    }
    given.add(entry.identity)
    const { draft, wrong } = draftOf(text, entry, references)
    yield { draft }
    for (const where of wrong) yield { problem: { where, reason: 'wrong-type' } }
    if (index % 100 === 99) yield { progress: (index + 1) / entries.length }
  }
  for (const problem of problems) yield { problem }
  yield { progress: 1 }
}

/**
 * FHIR says its type at the top level. A sample that ends before it does, as of a Bundle whose entries come first, is
 * taken for FHIR when any resource in it says one.
 */
function recognises(start: Uint8Array): boolean {
  const text = new TextDecoder().decode(start)
  const scanner = new Scanner(text)
  if (scanner.atEnd() || scanner.peek() !== '{') return false
  try {
    for (const key of scanner.members()) {
      if (key === 'resourceType' && scanner.peek() === '"') return /^[A-Z][A-Za-z]+$/.test(scanner.string())
    }
    return false
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return /"resourceType"\s*:\s*"[A-Z]/.test(text)
  }
}

export const fhir: Format = { name: 'fhir', recognises, read }
