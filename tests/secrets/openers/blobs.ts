/** Parts of files, and the pages that list them. */
import { hash, openBlobPage, openPart, random, sealBlobPage, sealPart } from '#crypto'
import { alteredAt, altered, ENVELOPE, other, text, type Opener, type Openers, alterations } from './opener.ts'

export async function blobs(): Promise<Openers> {
  const [key, blob] = [random(32), random(16)]
  const part = await sealPart(key, blob, 0, text)
  const headerEnds = 2 + (part.bytes[0]! << 8) + part.bytes[1]!
  const openIt = (
    bytes: Uint8Array,
    of: { key?: Uint8Array; hash?: Uint8Array; sealId?: Uint8Array; blob?: Uint8Array } = {},
  ) => openPart(of.key ?? key, { blob, index: 0, sealId: part.sealId, hash: part.hash, ...of }, bytes)
  /** Also where the hash is of the altered bytes: a record's writer in league with the host. */
  const both = (name: string, bytes: Uint8Array): Opener['wrong'] => ({
    [name]: () => openIt(bytes),
    [`${name}, hash as well`]: () => openIt(bytes, { hash: hash(bytes) }),
  })
  const inPart = Object.entries(ENVELOPE).map(([name, at]) => [name, at < 0 ? at : headerEnds + at] as const)
  const page = sealBlobPage(key, blob, [])
  const openPage = (bytes: Uint8Array, of = { key, blob, hash: page.hash }) =>
    openBlobPage(of.key, of.blob, of.hash, bytes)
  return {
    openPart: {
      right: () => openIt(part.bytes),
      wrong: {
        key: () => openIt(part.bytes, { key: random(32) }),
        header: () => openIt(part.bytes, { sealId: other }),
        blob: () => openIt(part.bytes, { blob: other }),
        ...Object.assign({}, ...inPart.map(([name, at]) => both(name, alteredAt(part.bytes, at)))),
      } as Opener['wrong'],
    },
    openBlobPage: {
      right: () => openPage(page.bytes),
      wrong: {
        key: () => openPage(page.bytes, { key: random(32), blob, hash: page.hash }),
        header: () => openPage(page.bytes, { key, blob: other, hash: page.hash }),
        ...alterations(ENVELOPE, at => () => openPage(altered(page.bytes, [1], at))),
      },
    },
  }
}
