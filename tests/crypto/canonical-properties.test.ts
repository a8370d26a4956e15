/**
 * One value, one spelling: whoever may seal and sign an object still cannot write it in a second way. For every layer of every
 * kind of object, all around it being in order.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { layered, type Layered } from './layers.ts'
import { respellings } from './respell.ts'
import { codeLater } from './support.ts'

/** The object with one of its layers replaced. */
const withLayer = ({ build }: Layered, layer: string, bytes: Uint8Array): Uint8Array =>
  build((name, built) => (name === layer ? bytes : built))

function bytesOf({ build }: Layered, layer: string): Uint8Array {
  const found = new Map<string, Uint8Array>()
  build((name, built) => {
    found.set(name, built)
    return built
  })
  return found.get(layer)!
}

const cases = layered.flatMap(object =>
  object.layers.map(layer => ({ object, layer, name: `${object.name}, ${layer}` })),
)

describe.each(cases)('$name', ({ object, layer }) => {
  const bytes = bytesOf(object, layer)

  it('is in order as it stands, so that only the spelling can be at fault', async () => {
    expect(await object.open(object.build((_, built) => built))).not.toBeNull()
    expect(await object.open(withLayer(object, layer, bytes))).not.toBeNull()
    expect(toHex(encodeCbor(decodeCbor(bytes)))).toBe(toHex(bytes))
  })

  it('[O2] is refused in any other spelling', async () => {
    const read: string[] = []
    for (const [name, other] of respellings(bytes))
      if ((await codeLater(async () => object.open(withLayer(object, layer, other)))) !== 'tampered') read.push(name)
    expect(read).toEqual([])
  })

  it('[O5] is refused, with a coded error and no other, with any byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const other = bytes.slice()
        other[at]! ^= change
        expect(await codeLater(async () => object.open(withLayer(object, layer, other)))).toBeTypeOf('string')
      }),
      { numRuns: 40 },
    )
  })
})

/** A list may be of any length. */
const structs = cases.filter(({ layer }) => !layer.startsWith('list of'))

it.each(structs)(
  '[O2] $name: is refused with a field more or less, or with any field of another kind',
  async ({ object, layer }) => {
    const fields = decodeCbor(bytesOf(object, layer)) as Item[]
    const others: Item[] = [[...fields, 0], fields.slice(0, -1), ...fields.map((_, i) => fields.with(i, true))]
    for (const other of others)
      expect(await codeLater(async () => object.open(withLayer(object, layer, encodeCbor(other))))).toBe('tampered')
  },
)
