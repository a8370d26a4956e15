/** The search finds what is there, however it is spelled, and nothing where there is nothing. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { random } from '#crypto'
import { Search } from './search.ts'

const key = Buffer.from(random(32))
const text = 'Rougeole & rubéole, “deuxième”'
const search = new Search([
  ['key', key],
  ['text', text],
])
const noise = (): Buffer => Buffer.concat(Array.from({ length: 4 }, () => random(16384)))
const structure = (before: number): Buffer => Buffer.concat([random(before), key, random(7)])

/** As programs write bytes, by accident or not. */
const ofKey: [string, string | Buffer][] = [
  ['as it is', key],
  ['in hexadecimal', key.toString('hex')],
  ['in a dump', key.toString('hex').toUpperCase()],
  ['as Node shows a Buffer', inspect(key)],
  ['as Node shows a Uint8Array', inspect(new Uint8Array(key), { compact: true, breakLength: Infinity })],
  ['as JSON has a Uint8Array', JSON.stringify(new Uint8Array(key))],
  ['as JSON has a Buffer', JSON.stringify(key)],
  ['as a text by mistake', key.toString('latin1')],
  ['as a text by mistake, in JSON', JSON.stringify(key.toString('latin1'))],
  ['in a form', encodeURIComponent(key.toString('base64'))],
  ...[0, 1, 2, 3, 16].map((at): [string, string] => [
    `in base64, ${at} from the start`,
    structure(at).toString('base64'),
  ]),
  ...[0, 1, 2, 3, 16].map((at): [string, string] => [
    `in base64url, ${at} from the start`,
    structure(at).toString('base64url'),
  ]),
  ['as a string of two bytes a character', Buffer.from(key.toString('hex'), 'utf16le')],
]
const ofText: [string, string | Buffer][] = [
  ['as it is', text],
  ['decomposed', text.normalize('NFD')],
  ['in UTF-16', Buffer.from(text, 'utf16le')],
  ['in an address', encodeURIComponent(text)],
  ['in a form', new URLSearchParams({ text }).toString()],
  ['in JSON', JSON.stringify({ text })],
  ['in JSON of ASCII', '"Rougeole & rub\\u00e9ole, \\u201cdeuxi\\u00e8me\\u201d"'],
  ['in base64', Buffer.from(`{"text":"${text}"}`).toString('base64')],
]

test.each(ofKey)('a key %s', (_, spelled) => {
  const found = search.in(Buffer.concat([noise(), Buffer.from(spelled as string), noise()]))
  expect(found.map(name => name.split(',')[0])).toContain('key')
})

test.each(ofText)('a text %s', (_, spelled) => {
  const found = search.in(Buffer.concat([noise(), Buffer.from(spelled as string), noise()]))
  expect(found.map(name => name.split(',')[0])).toContain('text')
})

test('at the very start and the very end', () => {
  expect(search.in(Buffer.concat([key, noise()]))).toEqual(['key, raw'])
  expect(search.in(Buffer.concat([noise(), key]))).toEqual(['key, raw'])
})

test('nothing in noise, or in half a key', () => {
  expect(search.in(noise())).toEqual([])
  expect(search.in(Buffer.concat([noise(), key.subarray(0, 31), noise()]))).toEqual([])
})
