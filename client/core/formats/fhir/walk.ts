/**
 * Finds the resources of a FHIR JSON file: one resource, a Bundle of any type with Bundles inside, or one resource a
 * line (NDJSON). Only positions are kept. A Bundle is an envelope: its entries are the records; what surrounds the
 * entries of a `document` (identifier, time stamp, signature) stays with its Composition, and what served transport
 * (link, total, request, response, search) is left behind.
 */
import type { Problem } from '../format.ts'
import { JsonError, Scanner } from './json.ts'

export interface Found {
  where: string
  type: string
  fullUrl: string | null
  start: number
  end: number
  envelope: string | null
}

export type Step = { found: Found } | { problem: Problem }

const MAX_BUNDLES = 16

interface Outline {
  type: string | null
  isDocument: boolean
  entryStart: number
  entryEnd: number
  end: number
  fault: JsonError | null
}

const textHere = (scanner: Scanner): string | null => (scanner.peek() === '"' ? scanner.string() : null)

/** What the members of an object say, up to the point where the text breaks off. */
function outline(text: string, start: number): Outline {
  const scanner = new Scanner(text, start)
  const seen: Outline = { type: null, isDocument: false, entryStart: -1, entryEnd: -1, end: -1, fault: null }
  try {
    for (const key of scanner.members()) {
      if (key === 'resourceType') seen.type = textHere(scanner)
      else if (key === 'type') seen.isDocument = textHere(scanner) === 'document'
      else if (key === 'entry') {
        seen.entryStart = scanner.at
        scanner.skip()
        seen.entryEnd = scanner.at
      }
    }
    seen.end = scanner.at
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    seen.fault = error
  }
  return seen
}

function* entry(scanner: Scanner, where: string, envelope: string | null, depth: number): Generator<Step> {
  if (scanner.peek() !== '{') {
    yield { problem: { where, reason: 'wrong-type' } }
    return
  }
  let fullUrl: string | null = null
  let start = -1
  let end = -1
  for (const key of scanner.members()) {
    if (key === 'fullUrl') fullUrl = textHere(scanner)
    else if (key === 'resource') {
      start = scanner.at
      scanner.skip()
      end = scanner.at
    }
  }
  if (start < 0) yield { problem: { where, reason: 'no-resource' } }
  else yield* resource(scanner.text, { where: `${where}.resource`, fullUrl, start, end, envelope }, depth)
}

/** Why the entries of a Bundle cannot be walked at all. */
function bundleProblem(text: string, prefix: string, seen: Outline, depth: number): Problem | null {
  const within = prefix === '' ? '' : `${prefix}.`
  if (depth > MAX_BUNDLES) return { where: prefix, reason: 'too-deep' }
  if (seen.entryStart < 0) return { where: prefix || 'Bundle', reason: seen.fault ? seen.fault.fault : 'no-resource' }
  return text[seen.entryStart] === '[' ? null : { where: `${within}entry`, reason: 'wrong-type' }
}

function* bundle(text: string, prefix: string, seen: Outline, start: number, depth: number): Generator<Step> {
  const within = prefix === '' ? '' : `${prefix}.`
  const problem = bundleProblem(text, prefix, seen, depth)
  if (problem) {
    yield { problem }
    return
  }
  const envelope =
    seen.isDocument && seen.end > 0
      ? `${text.slice(start, seen.entryStart)}[]${text.slice(seen.entryEnd, seen.end)}`
      : null
  const scanner = new Scanner(text, seen.entryStart)
  let where = `${within}entry`
  let count = 0
  try {
    for (const index of scanner.items()) {
      where = `${within}entry[${index}]`
      count += 1
      yield* entry(scanner, where, envelope, depth)
    }
    if (count === 0) yield { problem: { where: `${within}entry`, reason: 'no-resource' } }
    if (seen.fault) yield { problem: { where: `character ${seen.fault.at}`, reason: seen.fault.fault } }
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    yield { problem: { where, reason: error.fault } }
  }
}

function* resource(text: string, at: Omit<Found, 'type'>, depth: number): Generator<Step> {
  if (text[at.start] !== '{') {
    yield { problem: { where: at.where, reason: 'wrong-type' } }
    return
  }
  const seen = outline(text, at.start)
  if (seen.type === 'Bundle') yield* bundle(text, at.where, seen, at.start, depth + 1)
  else if (seen.type === null) yield { problem: { where: at.where, reason: seen.fault ? seen.fault.fault : 'no-type' } }
  else yield { found: { ...at, type: seen.type, envelope: seen.type === 'Composition' ? at.envelope : null } }
}

/** One value at the top of the file; gives where it ends, or null when the rest cannot be read. */
function* top(text: string, start: number, prefix: string): Generator<Step, number | null> {
  if (text[start] !== '{') {
    yield { problem: { where: `character ${start}`, reason: 'not-fhir' } }
    return null
  }
  const seen = outline(text, start)
  // A file cut short before it said its type is a Bundle if it has entries.
  if (seen.type === 'Bundle' || (seen.type === null && seen.fault && seen.entryStart >= 0)) {
    yield* bundle(text, prefix, seen, start, 0)
  } else if (seen.fault) {
    yield { problem: { where: `character ${seen.fault.at}`, reason: seen.fault.fault } }
  } else if (seen.type === null) {
    yield { problem: { where: prefix || 'resourceType', reason: 'not-fhir' } }
  } else {
    yield {
      found: { where: prefix || seen.type, type: seen.type, fullUrl: null, start, end: seen.end, envelope: null },
    }
  }
  return seen.fault ? null : seen.end
}

export function* walk(text: string): Generator<Step> {
  const scanner = new Scanner(text)
  for (let index = 0; !scanner.atEnd(); index += 1) {
    const end = yield* top(text, scanner.at, index === 0 ? '' : `record[${index}]`)
    if (end === null) return
    scanner.at = end
  }
}
