import { describe, expect, it } from 'vitest'
import { hasHeader, objectName } from '#crypto'
import { encodeCbor, type Item } from '../../crypto/cbor.ts'

const object = (header: Item): Uint8Array => encodeCbor([encodeCbor(header), 'the rest'])

describe('stored objects', () => {
  it('[O4] are named by their seal id', () => {
    expect(objectName(new Uint8Array(16))).toBe('AAAAAAAAAAAAAAAAAAAAAA.alv')
    expect(objectName(new Uint8Array(16).fill(0xff))).toBe('_____________________w.alv')
  })

  it('[O1] say version and type in their header', () => {
    expect(hasHeader(object([1, 'head']))).toBe(true)
    expect(hasHeader(object([1, 'anything', 'https://alice.example/#me', new Uint8Array(16)]))).toBe(true)
  })

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['no CBOR', Uint8Array.of(0xff)],
    ['null', encodeCbor(null)],
    ['no array', encodeCbor(7)],
    ['an empty array', encodeCbor([])],
    ['null for a header', encodeCbor([null])],
    ['text for a header', encodeCbor(['head'])],
    ['a header that is no CBOR', encodeCbor([Uint8Array.of(0xff)])],
    ['a header of null', object(null)],
    ['a header that is no array', object(1)],
    ['an empty header', object([])],
    ['another version', object([2, 'head'])],
    ['no type', object([1])],
    ['a type that is no text', object([1, 1])],
    ['version and type the wrong way round', object(['head', 1])],
  ])('[O1] have a header, which has not: %s', (_, bytes) => expect(hasHeader(bytes)).toBe(false))

  it('let no fault of the caller pass for an object without a header', () => {
    expect(() => hasHeader(null as unknown as Uint8Array)).toThrow(TypeError)
  })
})
