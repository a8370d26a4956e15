/** SPEC V3, V4: what two people compare. */
import { encode, need, Refused } from './cbor.ts'
import { name } from './primitives.ts'
import { fields, key, parse, text } from './shape.ts'
import { english, french } from './unlock.ts'

export interface Party {
  webId: string
  root: Uint8Array
}

export function checkWords(one: Party, other: Party): { en: string; fr: string } {
  const rows = [one, other].map(({ webId, root }) => [webId, root])
  rows.sort((a, b) => Buffer.compare(encode(a), encode(b)))
  const bits = [...name('check words', encode(rows))].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const places = bits
    .slice(0, 132)
    .match(/.{11}/g)!
    .map(eleven => Number.parseInt(eleven, 2))
  const [en, fr] = [english, french].map(list =>
    places
      .map(place => list[place])
      .join(' ')
      .normalize('NFC'),
  )
  return { en: en!, fr: fr! }
}

const format = fields({ by: text, byRoot: key, to: text, toRoot: key })

export function checkCode(code: string): { by: { webId: string; root: string }; to: { webId: string; root: string } } {
  const [, body] = /^alveole:check:([\w-]+)$/.exec(code) ?? []
  need(body !== undefined, 'usage')
  try {
    const { by, byRoot, to, toRoot } = parse(format, Uint8Array.from(Buffer.from(body, 'base64url')))
    const hex = (root: Uint8Array) => Buffer.from(root).toString('hex')
    return { by: { webId: by, root: hex(byRoot) }, to: { webId: to, root: hex(toRoot) } }
  } catch {
    throw new Refused('usage')
  }
}
