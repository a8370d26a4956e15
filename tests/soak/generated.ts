/** A file of any size that takes no room: each block that is read from its start says where it stands, so that a byte out of place is seen. */
const BLOCK = 64 * 1024
const pattern = Uint8Array.from({ length: BLOCK }, (_, i) => (i * 31 + (i >> 8)) & 255)

/** The bytes from `start` up to `end`. */
export function generated(start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start)
  const view = new DataView(bytes.buffer)
  for (let at = start; at < end;) {
    const [block, from] = [Math.floor(at / BLOCK), at % BLOCK]
    const length = Math.min(BLOCK - from, end - at)
    bytes.set(pattern.subarray(from, from + length), at - start)
    if (from === 0 && length >= 8) view.setFloat64(at - start, block)
    at += length
  }
  return bytes
}

/** As much of a Blob as files are read by. */
export const generatedBlob = (size: number): Blob =>
  ({
    size,
    slice: (start = 0, end = size) => ({ arrayBuffer: async () => generated(start, Math.min(end, size)).buffer }),
  }) as unknown as Blob
