/** Papers that the people of the stories add: a health record, a picture, a note. All made up. */
import { crc32, deflateSync } from 'node:zlib'
import type { Upload } from './acts.ts'

const patient = {
  resourceType: 'Patient',
  id: 'p1',
  name: [{ family: 'Martin', given: ['Rose'] }],
  birthDate: '1948-05-12',
}

const immunization = {
  resourceType: 'Immunization',
  id: 'i1',
  status: 'completed',
  vaccineCode: {
    coding: [{ system: 'http://snomed.info/sct', code: '333621002', display: 'Tetanus vaccine' }],
    text: 'Tetanus vaccine',
  },
  patient: { reference: 'Patient/p1' },
  occurrenceDateTime: '2021-03-04',
}

const allergy = {
  resourceType: 'AllergyIntolerance',
  id: 'a1',
  code: { text: 'Peanut allergy' },
  patient: { reference: 'Patient/p1' },
  recordedDate: '2011-06-01',
}

const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [patient, immunization, allergy].map(resource => ({ resource })),
}

export const healthRecord: Upload = {
  name: 'health-record.json',
  mimeType: 'application/json',
  buffer: Buffer.from(JSON.stringify(bundle)),
}

export const note: Upload = {
  name: 'recipe.txt',
  mimeType: 'text/plain',
  buffer: Buffer.from('Honey cake: honey, flour, eggs, patience.\n'),
}

/** A health record whose end was lost on the way. */
export const cutShort: Upload = { ...healthRecord, name: 'cut-short.json', buffer: healthRecord.buffer.subarray(0, 90) }

/** PNG §5: length, type, data, CRC of type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** A square of honey, `side` pixels wide. */
export function picture(side = 64): Upload {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2], 8) // eight bits, RGB
  const row = Buffer.concat([
    Buffer.from([0]),
    ...Array.from({ length: side }, (_, x) => Buffer.from([242, 120 + x, 52])),
  ])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const buffer = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return { name: 'hive.png', mimeType: 'image/png', buffer }
}
