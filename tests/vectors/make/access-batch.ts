/** Vectors of what a pod server noted of reads. */
import { ACCESS_START, generationPublic, label, random, sealAccessBatch, unsafeAccessLink } from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { sealTo } from '../../../crypto/kem.ts'
import { steps } from '../../../crypto/padding.ts'
import { cbor } from './forge.ts'
import { ann, bob, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('access-batch')
const to = { kem: generationPublic(ann.generation), generation: 1 }
const kem = ann.generation.kemSeed
const at = (later: number, path: string, who = bob) => ({
  at: time + later,
  who,
  application: 'https://app.example',
  path,
})
const reads = [at(0, 'alveole/account.alv'), at(7, 'alveole/c/x/head.alv', ''), at(9, 'alveole/account.alv')]
const first = sealAccessBatch(to, ACCESS_START, reads, 0)
const header: Item[] = [1, 'access-batch', random(16), 1, 0, new Uint8Array(32)]
const body: Item[] = [time, 0, [bob], [''], ['a'], [[0, 0, 0, 0]]]
const byHand = (fields: Item[], of: Item[]) => {
  const head = cbor(fields)
  return { batch: cbor([head, sealTo(to.kem, label.accessBatch, head, cbor(of), steps(512))]) }
}
await write(
  'access-batch',
  [
    { name: 'of three reads', input: { batch: first, kem } },
    {
      name: 'the second, after some were lost',
      input: { batch: sealAccessBatch(to, unsafeAccessLink(first).after, [], 4), kem },
    },
    { name: 'by hand', input: { ...byHand(header, body), kem } },
  ],
  [
    { name: 'for somebody else', rule: 'Y1', splice: flip('kem', 0) },
    {
      name: 'a read by somebody not listed',
      rule: 'Y2',
      from: 'by hand',
      set: byHand(header, body.with(5, [[0, 1, 0, 0]])),
    },
    { name: 'of a path not listed', rule: 'Y2', from: 'by hand', set: byHand(header, body.with(4, [])) },
    { name: 'of another type', rule: 'O3', from: 'by hand', set: byHand(header.with(1, 'message'), body) },
    { name: 'without its predecessor', rule: 'O1', from: 'by hand', set: byHand(header.slice(0, 5), body) },
    { name: 'cut', rule: 'O2', splice: cut('batch', 60) },
    { name: 'another byte', rule: 'E1', splice: flip('batch', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('batch') },
  ],
)
