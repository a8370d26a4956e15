/** The file of `alveole group offer`: what a circle asks, as JSON that a person can write. Nothing it does not know passes unsaid. */
import { readFile } from 'node:fs/promises'
import type { OfferId, OfferPolicy } from '#core'
import { legalBases, legalBasis, type Localised } from '#vocab'
import { facetNamed, purposeNamed } from './names.ts'
import { parseTime } from './time.ts'
import { usage } from './told.ts'

type Member = { [name: string]: unknown }

const MEMBERS = 'offer title terms controller facets purpose legalBasis until days compensation deidentified'.split(' ')

export async function readOfferFile(path: string): Promise<OfferPolicy> {
  const file = parsed(path, await text(path))
  const unknown = Object.keys(file).find(name => !MEMBERS.includes(name))
  if (unknown !== undefined)
    throw usage(`« ${unknown} » n’est pas connu dans ${path}.`, `"${unknown}" in ${path} is not known.`)
  const controller = objectIn(file, 'controller')
  return {
    ...(file['offer'] !== undefined && { offer: wordIn(file, 'offer') as OfferId }),
    title: localised(file, 'title'),
    terms: localised(file, 'terms'),
    controller: { name: wordIn(controller, 'name'), contact: wordIn(controller, 'contact') },
    facets: listIn(file, 'facets').map(facetNamed),
    purpose: purposeNamed(wordIn(file, 'purpose')),
    legalBasis: basisNamed(wordIn(file, 'legalBasis')),
    end: endIn(file),
    compensation: flagIn(file, 'compensation'),
    deidentified: flagIn(file, 'deidentified'),
  }
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw usage(`Le fichier ${path} ne se lit pas.`, `The file ${path} cannot be read.`)
  }
}

function parsed(path: string, json: string): Member {
  try {
    const value: unknown = JSON.parse(json)
    if (isObject(value)) return value
  } catch {
    // said below
  }
  throw usage(`${path} n’est pas un objet JSON.`, `${path} is not a JSON object.`)
}

const isObject = (value: unknown): value is Member =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wrong = (name: string, fr: string, en: string) =>
  usage(`Dans la proposition, « ${name} » doit être ${fr}.`, `In the offer, "${name}" has to be ${en}.`)

function objectIn(of: Member, name: string): Member {
  const value = of[name]
  if (isObject(value)) return value
  throw wrong(name, 'un objet', 'an object')
}

function wordIn(of: Member, name: string): string {
  const value = of[name]
  if (typeof value === 'string' && value.trim()) return value
  throw wrong(name, 'un texte', 'a text')
}

function listIn(of: Member, name: string): string[] {
  const value = of[name]
  if (Array.isArray(value) && value.length && value.every(one => typeof one === 'string')) return value
  throw wrong(name, 'une liste de textes', 'a list of texts')
}

function flagIn(of: Member, name: string): boolean {
  const value = of[name] ?? false
  if (typeof value === 'boolean') return value
  throw wrong(name, 'true ou false', 'true or false')
}

function localised(of: Member, name: string): Localised {
  const words = objectIn(of, name)
  return { fr: wordIn(words, 'fr'), en: wordIn(words, 'en') }
}

function basisNamed(name: string): string {
  const found = legalBasis(name)
  if (found) return found
  const known = legalBases.map(({ curie }) => curie).join(', ')
  throw usage(
    `« ${name} » n’est pas un fondement connu. Fondements : ${known}.`,
    `"${name}" is not a known legal basis. There is: ${known}.`,
  )
}

function endIn(of: Member): OfferPolicy['end'] {
  const { until, days } = of
  if (typeof until === 'string' && days === undefined) return { until: parseTime(until, 'end').getTime() }
  if (typeof days === 'number' && until === undefined) return { days }
  throw usage(
    'La proposition a une fin : soit « until », une date, soit « days », un nombre de jours après l’accord.',
    'The offer has an end: either "until", a date, or "days", a number of days after one agrees.',
  )
}
