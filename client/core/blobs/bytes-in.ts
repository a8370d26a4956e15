/**
 * A stretch of a file, read into a buffer of our own where its stream takes one: what a browser allocates for it, it keeps beside
 * until a collection that nothing brings about.
 */

/**
 * In a buffer of their own, for whoever asks to release, or to give back as `again` for the next; fewer bytes, where the blob has fewer.
 */
export async function bytesIn(
  blob: Blob,
  start: number,
  end: number,
  again?: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  const stretch = blob.slice(start, end)
  const reader = readerInto(stretch)
  if (!reader) return new Uint8Array(await stretch.arrayBuffer())
  let buffer = again && again.byteLength >= stretch.size ? again : new ArrayBuffer(stretch.size)
  let at = 0
  while (at < stretch.size) {
    const { done, value } = await reader.read(new Uint8Array(buffer, at, stretch.size - at))
    if (value) buffer = value.buffer
    if (done) break
    at += value.length
  }
  await reader.cancel()
  return new Uint8Array(buffer, 0, at)
}

/** null where it has no stream of bytes, as what is made when it is read. */
function readerInto(blob: Blob): ReadableStreamBYOBReader | null {
  try {
    return blob.stream().getReader({ mode: 'byob' })
  } catch {
    return null
  }
}
