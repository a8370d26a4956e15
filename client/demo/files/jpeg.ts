/**
 * A baseline JPEG encoder for drawn pictures (ITU-T T.81): YCbCr without subsampling, one quantization table, and Huffman
 * tables in which every symbol has the same length, so that no table has to be typed in.
 *
 *   SOI  APP1  DQT  SOF0  DHT DHT  SOS  scan  EOI
 */

export type Colour = readonly [red: number, green: number, blue: number]
/** The colour at a place of the picture. */
export type Drawing = (x: number, y: number) => Colour

const SOI = 0xd8
const EOI = 0xd9
const N = 8
/** Coefficients in the order of growing frequency, along the diagonals (figure A.6). */
const ZIGZAG = Array.from({ length: N * N }, (_, at) => ({ at, row: Math.floor(at / N), column: at % N }))
  .sort((a, b) => {
    const [s, t] = [a.row + a.column, b.row + b.column]
    return s - t || (s % 2 ? a.row - b.row : b.row - a.row)
  })
  .map(({ at }) => at)
/** Coarser for finer detail. */
const QUANTA = ZIGZAG.map(at => 3 + 2 * (Math.floor(at / N) + (at % N)))

const COSINES = Array.from({ length: N * N }, (_, at) => {
  const [frequency, place] = [Math.floor(at / N), at % N]
  return Math.cos(((2 * place + 1) * frequency * Math.PI) / 16) * (frequency ? 0.5 : Math.SQRT1_2 / 2)
})

/** Differences of DC have 12 sizes, of 4 bits each; AC has run and size in one byte, of 8 bits each. */
const DC = Array.from({ length: 12 }, (_, size) => size)
const AC = [0x00, 0xf0, ...Array.from({ length: 160 }, (_, at) => (Math.floor(at / 10) << 4) | ((at % 10) + 1))]
const AC_CODE = new Map(AC.map((symbol, at) => [symbol, at]))

export const segment = (marker: number, body: readonly number[]): number[] => {
  const length = body.length + 2
  return [0xff, marker, length >> 8, length & 0xff, ...body]
}

const huffman = (id: number, bits: number, symbols: readonly number[]): number[] =>
  segment(0xc4, [id, ...Array.from({ length: 16 }, (_, at) => (at + 1 === bits ? symbols.length : 0)), ...symbols])

class BitWriter {
  readonly bytes: number[] = []
  #held = 0
  #count = 0

  put(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#held = (this.#held << 1) | ((value >> bit) & 1)
      if (++this.#count < 8) continue
      this.bytes.push(this.#held)
      if (this.#held === 0xff) this.bytes.push(0) // else it would read as a marker
      this.#held = this.#count = 0
    }
  }

  end(): number[] {
    while (this.#count) this.put(1, 1)
    return this.bytes
  }
}

/** One row of COSINES against eight samples. */
function transformed(samples: readonly number[], first: number, step: number, frequency: number): number {
  let sum = 0
  for (let at = 0; at < N; at++) sum += COSINES[frequency * N + at]! * samples[first + at * step]!
  return sum
}

/** The quantized coefficients of 64 samples, in zigzag order. */
function coefficients(samples: readonly number[]): number[] {
  const rows = samples.map((_, at) => transformed(samples, at - (at % N), 1, at % N))
  return ZIGZAG.map((at, order) => Math.round(transformed(rows, at % N, N, Math.floor(at / N)) / QUANTA[order]!))
}

const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value))
const putValue = (out: BitWriter, value: number, size: number): void =>
  out.put(value < 0 ? value + (1 << size) - 1 : value, size)

function putBlock(out: BitWriter, block: readonly number[], previous: number): void {
  const difference = block[0]! - previous
  out.put(sizeOf(difference), 4)
  putValue(out, difference, sizeOf(difference))
  const last = block.findLastIndex(value => value !== 0)
  let run = 0
  for (const value of block.slice(1, last + 1)) {
    if (value === 0) {
      run++
      continue
    }
    for (; run > 15; run -= 16) out.put(AC_CODE.get(0xf0)!, 8)
    out.put(AC_CODE.get((run << 4) | sizeOf(value))!, 8)
    putValue(out, value, sizeOf(value))
    run = 0
  }
  if (last < N * N - 1) out.put(AC_CODE.get(0x00)!, 8)
}

const planes = ([red, green, blue]: Colour): number[] => [
  0.299 * red + 0.587 * green + 0.114 * blue - 128,
  -0.1687 * red - 0.3313 * green + 0.5 * blue,
  0.5 * red - 0.4187 * green - 0.0813 * blue,
]

function scan(width: number, height: number, drawing: Drawing): number[] {
  const out = new BitWriter()
  const previous = [0, 0, 0]
  for (let y = 0; y < height; y += N) {
    for (let x = 0; x < width; x += N) {
      const pixels = Array.from({ length: N * N }, (_, at) => planes(drawing(x + (at % N), y + Math.floor(at / N))))
      previous.forEach((before, plane) => {
        const block = coefficients(pixels.map(pixel => pixel[plane]!))
        putBlock(out, block, before)
        previous[plane] = block[0]!
      })
    }
  }
  return out.end()
}

/** Width and height are multiples of 8. `metadata` is the whole of the segments that a camera would add. */
export function jpeg(
  width: number,
  height: number,
  drawing: Drawing,
  metadata: readonly number[],
): Uint8Array<ArrayBuffer> {
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff]
  const components = [1, 2, 3].flatMap(id => [id, 0x11, 0])
  return Uint8Array.from([
    0xff,
    SOI,
    ...metadata,
    ...segment(0xdb, [0, ...QUANTA]),
    ...segment(0xc0, [8, ...size, 3, ...components]),
    ...huffman(0x00, 4, DC),
    ...huffman(0x10, 8, AC),
    ...segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    ...scan(width, height, drawing),
    0xff,
    EOI,
  ])
}
