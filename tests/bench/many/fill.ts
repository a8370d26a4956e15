/** A family's vault at the size that the goal names: 100,000 records in 40 folders, 20,000 photos with thumbnails in 10 more. */
import type { CollectionId, Vault } from '#core'
import type { RecordValue } from '#vocab'
import { inParallel } from '../../../client/core/parallel.ts'
import { jpegWith } from '../../formats/images.ts'
import { vaccination } from '../vaccinations.ts'

export const [RECORDS, PHOTOS] = [100_000, 20_000]
const [RECORD_FOLDERS, PHOTO_FOLDERS] = [40, 10]
/** Records of one commit. */
const AT_ONCE = 500

/** Days of thirty years, in no order. */
const day = (index: number): string =>
  new Date(Date.UTC(1995, 0, 1 + ((index * 7919) % 10_950))).toISOString().slice(0, 10)

const record = (index: number): RecordValue => ({ ...vaccination(index), date: day(index) })

/** Bytes of some size behind a small picture's own: no two alike. */
function jpeg(index: number, size: number): Blob {
  const bytes = new Uint8Array(size)
  for (let at = 0, x = index + 1; at < size; at++) bytes[at] = (x = (x * 1103515245 + 12345) % 2 ** 31) >> 16
  return new Blob([jpegWith(1).bytes, bytes], { type: 'image/jpeg' })
}

async function base64(blob: Blob): Promise<string> {
  return Buffer.from(await blob.arrayBuffer()).toString('base64')
}

async function picture(vault: Vault, collection: CollectionId, index: number): Promise<RecordValue> {
  const name = `IMG_${index}.jpg`
  const image = await vault.blobs.put(jpeg(index, 3000), { collection, name, mediaType: 'image/jpeg' })
  return {
    image: { ...image },
    thumbnail: { mediaType: 'image/jpeg', data: await base64(jpeg(-index, 1200)) },
    width: 4000,
    height: 3000,
    taken: `${day(index)}T12:00:00`,
    position: { latitude: 46 + (index % 97) / 100, longitude: 6 + (index % 89) / 100 },
    title: `Été chez Mamie, ${index}`,
    camera: 'Appareil A',
    fileName: name,
  }
}

/** One after another, the last kept waiting for nobody: as an import in bulk. */
async function fillFolder(
  vault: Vault,
  name: string,
  kind: string,
  count: number,
  make: (at: number, id: CollectionId) => Promise<RecordValue>,
): Promise<void> {
  const { id } = await vault.collections.create(name)
  for (let at = 0; at < count; at += AT_ONCE) {
    const values = await inParallel(
      Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, i) => at + i),
      index => make(index, id),
      8,
    )
    await vault.records.putAll(
      values.map(value => ({ kind, value })),
      id,
    )
  }
}

export async function fill(vault: Vault, share = 1): Promise<void> {
  const [records, photos] = [(share * RECORDS) / RECORD_FOLDERS, (share * PHOTOS) / PHOTO_FOLDERS]
  for (let n = 0; n < RECORD_FOLDERS; n++)
    await fillFolder(vault, `Dossier ${n}`, 'Immunization', records, async at => record(n * records + at))
  for (let n = 0; n < PHOTO_FOLDERS; n++)
    await fillFolder(vault, `Photos ${n}`, 'Photo', photos, (at, id) => picture(vault, id, n * photos + at))
  await vault.settle()
}
