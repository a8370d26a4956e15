/** Vectors of a write that waits on its device. */
import { concat, hash, random, sealQueuedWrite, toHex } from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { encodeCells } from '../../../crypto/cells.ts'
import { seal } from '../../../crypto/envelope.ts'
import { label } from '../../../crypto/labels.ts'
import { padme } from '../../../crypto/padding.ts'
import { cbor, changed } from './forge.ts'
import { ann, ben, collection, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('queued-write')
const [id, other] = [random(16), random(16)]
const cell = (properties: { [name: string]: unknown } | null, kind = 'Medication', record = id) => ({
  record: toHex(record),
  stamp: time,
  kind,
  properties,
})
const [what, dose] = ['health/medications/what', 'health/medications/dosage']
const edit = {
  collection,
  at: time,
  known: [toHex(id)],
  sections: [
    { facet: what, isWritten: true, cells: [cell({ form: 'paracétamol' })] },
    { facet: dose, isWritten: false, cells: [cell({ dosage: ['1 g'] })] },
  ],
}
const queued = sealQueuedWrite(ann.device, edit)
const key = hash(concat(ann.device.sign, ann.device.kem))
const header = cbor([1, 'queued-write', random(16), collection])
const content = (...sections: Item[]): Item => [time, [id], sections]
/** Field by field, sealed as it should be. */
const byHand = (of: Item, head = header, under = key, use: string = label.queuedWrite) => ({
  queued: cbor([head, seal(under, use as typeof label.queuedWrite, head, cbor(of), padme)]),
})
const cells = encodeCells([cell({ form: 'paracétamol' })])
const rule = 'D4'
const from = 'by hand'
await write(
  'queued-write',
  [
    { name: 'an edit of one facet of two', input: { ...ann.device, queued } },
    { name: 'by hand', input: { ...ann.device, ...byHand(content([what, true, cells])) } },
    {
      name: 'a new record, and one deleted',
      input: {
        ...ann.device,
        queued: sealQueuedWrite(ann.device, {
          ...edit,
          known: [toHex(other)],
          sections: [{ facet: what, isWritten: true, cells: [cell({ form: 'x' }), cell(null, '', other)] }],
        }),
      },
    },
    { name: 'nothing', input: { ...ann.device, ...byHand([0, [], []]) } },
  ],
  [
    { name: 'another device', rule, set: { ...ben.device } },
    { name: 'under the signing seed alone', rule, from, set: byHand(content(), header, ann.device.sign) },
    { name: 'as a device slot', rule: 'S3', from, set: byHand(content(), header, key, label.deviceSlot) },
    {
      name: 'another type',
      rule: 'O3',
      from,
      set: byHand(content(), cbor([1, 'device-slot', random(16), collection])),
    },
    { name: 'no collection', rule, from, set: byHand(content(), cbor([1, 'queued-write', random(16)])) },
    { name: 'another collection', rule: 'E1', set: { queued: changed(queued, [0, 3], random(16)) } },
    { name: 'a record of half a name', rule, from, set: byHand([time, [id.subarray(8)], []]) },
    { name: 'a section without cells', rule, from, set: byHand(content([what, true])) },
    { name: 'written once', rule, from, set: byHand(content([what, 1, cells])) },
    { name: 'cells that are none', rule: 'G5', from, set: byHand(content([what, true, cbor([id, [], '[]'])])) },
    { name: 'cut', rule: 'O2', splice: cut('queued', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('queued') },
    { name: 'another byte', rule: 'E1', splice: flip('queued', -1) },
  ],
)
