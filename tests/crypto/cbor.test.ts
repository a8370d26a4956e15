import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '#crypto'
import { decodeCbor, encodeCbor, encodePadded, type Item } from '../../crypto/cbor.ts'
import { none, pad, padme, section, steps } from '../../crypto/padding.ts'
import { anyBytes, codeOf } from './support.ts'

const { item } = fc.letrec<{ item: Item }>(tie => ({
  item: fc.oneof(
    { maxDepth: 5 },
    fc.maxSafeNat(),
    fc.nat(70_000),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'grapheme' }),
    anyBytes({ maxLength: 40 }),
    fc.array(tie('item'), { maxLength: 5 }),
  ),
}))

const nested = (depth: number): Item => (depth ? [nested(depth - 1)] : 0)

describe('deterministic CBOR', () => {
  it.each(Object.entries({ none, padme, section, steps: steps(512) }))(
    '[E4] is padded by %s as after writing',
    (_, rule) => {
      fc.assert(
        fc.property(item, value => {
          expect(encodePadded(value, rule)).toEqual(pad(encodeCbor(value), rule))
        }),
      )
      // As long as the next step by the bytes of the text, not by its letters.
      for (const text of ['é'.repeat(255), 'é'.repeat(300), `${'x'.repeat(254)}é`])
        expect(encodePadded(text, rule)).toEqual(pad(encodeCbor(text), rule))
    },
  )

  it('[O2] reads back what it wrote', () => {
    fc.assert(
      fc.property(item, value => {
        expect(decodeCbor(encodeCbor(value))).toEqual(value)
      }),
    )
  })

  it('[O2] accepts no second spelling: whatever decodes encodes to the same bytes', () => {
    const mutated = fc.tuple(item, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = encodeCbor(value)
      bytes[at % bytes.length] = byte
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(mutated, anyBytes({ maxLength: 12 })), bytes => {
        let value: Item = 0
        const reads = codeOf(() => (value = decodeCbor(bytes))) === 'no error'
        expect(reads ? toHex(encodeCbor(value)) : toHex(bytes)).toBe(toHex(bytes))
      }),
      { numRuns: 3000 },
    )
  })

  it('[O2] refuses every proper prefix, and anything appended', () => {
    fc.assert(
      fc.property(item, fc.nat(255), (value, extra) => {
        const bytes = encodeCbor(value)
        for (let end = 0; end < bytes.length; end++)
          expect(codeOf(() => decodeCbor(bytes.subarray(0, end)))).toBe('tampered')
        expect(codeOf(() => decodeCbor(Uint8Array.of(...bytes, extra)))).toBe('tampered')
      }),
    )
  })

  it.each([
    ['1800', 'an integer longer than need be'],
    ['190017', 'two bytes for one'],
    ['1a0000ffff', 'four bytes for two'],
    ['1b00000000ffffffff', 'eight bytes for four'],
    ['1b0020000000000000', '2^53'],
    ['1bffffffffffffffff', '2^64 - 1'],
    ['20', 'a negative integer'],
    ['5f4100ff', 'an indefinite byte string'],
    ['9f00ff', 'an indefinite array'],
    ['a0', 'a map'],
    ['c000', 'a tag'],
    ['f7', 'undefined'],
    ['f97e00', 'a float'],
    ['f820', 'a simple value'],
    [`1c${'00'.repeat(16)}`, 'a reserved length'],
    [`1f${'00'.repeat(128)}`, 'an integer without a length'],
    [`${'81'.repeat(16)}80`, 'nothing in seventeen arrays'],
    ['62c328', 'invalid UTF-8'],
    ['5b001fffffffffffff', 'a byte string of 2^53 - 1 bytes'],
    ['9b001fffffffffffff', 'an array of 2^53 - 1 items'],
    ['9affffffff', 'an array of 2^32 - 1 items'],
  ])('[O2] refuses %s: %s', hex => expect(codeOf(() => decodeCbor(fromHex(hex)))).toBe('tampered'))

  it('[O2] refuses nesting beyond 16, without exhausting the stack', () => {
    expect(decodeCbor(encodeCbor(nested(16)))).toEqual(nested(16))
    expect(codeOf(() => decodeCbor(encodeCbor(nested(17))))).toBe('tampered')
    expect(codeOf(() => decodeCbor(new Uint8Array(1_000_000).fill(0x81)))).toBe('tampered')
  })

  it('[O5] takes no memory for items that are announced and do not come', async () => {
    const code = `
      import { workerData } from 'node:worker_threads'
      import { decodeCbor } from ${JSON.stringify(new URL('../../crypto/cbor.ts', import.meta.url).href)}
      let code = 'no error'
      try { decodeCbor(workerData) } catch (error) { code = error.code }
      process.exit(code === 'tampered' ? 7 : 8)`
    const bytes = new Uint8Array(4 * 1024 * 1024) // sixteen arrays, one in the other, of as many items as there are bytes
    const view = new DataView(bytes.buffer)
    for (let depth = 0; depth < 16; depth++) {
      bytes[5 * depth] = 0x9a
      view.setUint32(5 * depth + 1, bytes.length - 5 * 16)
    }
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: bytes,
      execArgv: ['--no-warnings'],
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    expect(await once(worker, 'exit')).toEqual([7])
  })

  it.each([-1, -0.5, 1.5, Number.NaN, Infinity, 2 ** 53, 'a\ud800', '\udc00'])('writes no %j', item =>
    expect(() => encodeCbor(item)).toThrow(TypeError),
  )

  it('writes what RFC 8949 appendix A lists', () => {
    const listed: [Item, string][] = [
      [0, '00'],
      [23, '17'],
      [24, '1818'],
      [1000, '1903e8'],
      [255, '18ff'],
      [256, '190100'],
      [65_535, '19ffff'],
      [65_536, '1a00010000'],
      [1_000_000, '1a000f4240'],
      [4_294_967_295, '1affffffff'],
      [4_294_967_296, '1b0000000100000000'],
      [1_000_000_000_000, '1b000000e8d4a51000'],
      [false, 'f4'],
      [true, 'f5'],
      [null, 'f6'],
      [Uint8Array.of(1, 2, 3, 4), '4401020304'],
      ['IETF', '6449455446'],
      ['\u{10151}', '64f0908591'],
      [[1, [2, 3], [4, 5]], '8301820203820405'],
    ]
    for (const [value, hex] of listed) expect(toHex(encodeCbor(value))).toBe(hex)
  })
})
