/** What the server keeps, over what was given to be kept: FHIR records, a video, both. */
import { randomBytes } from 'node:crypto'
import type { Vault } from '#core'
import { filesUnder } from '../scenarios/disk.ts'
import { bundle } from '../scenarios/generated-bundle.ts'
import { newPerson } from './person.ts'
import { withServer, type Server } from './server.ts'
import { atMost, type Bench, type Row } from './table.ts'

const RECORDS = 1000
const VIDEO = 50_000_000
const MOST = 1.15

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000).toLocaleString('en')} kB`

const row = (action: string, plain: number, stored: number): Row => ({
  action: `stored size, ${action}`,
  baseline: kilobytes(plain),
  alveole: kilobytes(stored),
  ...atMost(stored / plain, MOST, '×'),
})

/** Of all files of the vault: records, keys and lists. */
const storedIn = ({ folder }: Server): number =>
  filesUnder(folder)
    .filter(({ path }) => path.includes('/alveole/'))
    .reduce((sum, { bytes }) => sum + bytes.length, 0)

async function valuesIn({ records }: Vault): Promise<number> {
  let size = 0
  for await (const { value } of records.query()) size += Buffer.byteLength(JSON.stringify(value))
  return size
}

export const size = (): Promise<Bench> =>
  withServer(async server => {
    const { vault } = await newPerson(server, 'size')
    const file = bundle(RECORDS)
    const empty = storedIn(server)
    await vault.import([file])
    const [values, records] = [await valuesIn(vault), storedIn(server) - empty]
    await vault.import([{ name: 'video.mp4', blob: new Blob([randomBytes(VIDEO)]) }])
    const both = storedIn(server) - empty
    const ofFile = (records / file.blob.size).toFixed(1)
    return {
      about: `size: records as the vault gives them back, which is each FHIR resource as it was and the properties read from it (together ${ofFile} times this file of very short resources); the last row is over the two files.`,
      rows: [
        row(`${RECORDS.toLocaleString('en')} FHIR records`, values, records),
        row('a 50 MB video', VIDEO, both - records),
        row('both files', file.blob.size + VIDEO, both),
      ],
    }
  })
