/**
 * libsodium works in a WebAssembly memory of its own and gives it back unwiped: seeds, keys and passwords of past calls stay behind
 * there, where no engine collects them. Every call of ours begins and ends in one go, so between two nothing there is in use, and
 * it can be put back to what it was when the library was ready. **Not** so while a streaming state is open: there is none.
 */
export interface Scratch {
  wipe(): void
}

/** The library's view of its memory, a new one whenever that grows; its types leave it out. */
interface Raw {
  libsodium: { HEAPU8: Uint8Array }
}

/** To be called when the library is ready and has done nothing yet. */
export function scratchOf(sodium: object): Scratch {
  const { libsodium } = sodium as Raw
  const used = usedIn(libsodium.HEAPU8)
  const image = libsodium.HEAPU8.slice(0, used)
  return {
    wipe: () => {
      libsodium.HEAPU8.set(image)
      libsodium.HEAPU8.fill(0, used)
    },
  }
}

/** Up to the last word that is not zero. By words, since this is done at every start. */
function usedIn({ buffer }: Uint8Array): number {
  const words = new Int32Array(buffer)
  let end = words.length
  while (end > 0 && words[end - 1] === 0) end--
  return end * 4
}
