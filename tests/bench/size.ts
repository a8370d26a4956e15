/** What the server keeps, over what was given to be kept: FHIR records, a video, both. */
import { randomBytes } from 'node:crypto'
import type { Vault } from '#core'
import { filesUnder } from '../scenarios/disk.ts'
import { bundle } from '../scenarios/generated-bundle.ts'
import { newPerson } from './person.ts'
import { withServer, type Server } from './server.ts'
import { atMost, type Bench } from './table.ts'

const RECORDS = 1000
const VIDEO = 50_000_000

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000).toLocaleString('en')} kB`

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
    const plain = file.blob.size + VIDEO
    const times = (part: number, of: number): string => `${(part / of).toFixed(2)}×`
    return {
      about: `size: all files of the vault over the two files. Video alone ${times(both - records, VIDEO)}; records alone ${times(records, values)} of their values, which are each FHIR resource as it was and the properties read from it, so ${times(records, file.blob.size)} of the file, whose resources are very short.`,
      rows: [
        {
          action: `stored size, ${RECORDS.toLocaleString('en')} FHIR records and a 50 MB video`,
          baseline: kilobytes(plain),
          alveole: kilobytes(both),
          ...atMost(both / plain, 1.15, '×'),
        },
      ],
    }
  })
