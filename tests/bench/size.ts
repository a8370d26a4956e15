/** What the server keeps, over what was given to be kept. */
import { randomBytes } from 'node:crypto'
import { bundle } from '../scenarios/generated-bundle.ts'
import { filesUnder } from '../scenarios/disk.ts'
import { newPerson } from './person.ts'
import { withServer } from './server.ts'
import { atMost, type Bench, type Row } from './table.ts'

const RECORDS = 1000
const VIDEO = 50_000_000

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000).toLocaleString('en')} kB`

export const size = (): Promise<Bench> =>
  withServer(async server => {
    const person = await newPerson(server, 'size')
    const { vault } = person
    const stored = () =>
      filesUnder(server.folder)
        .filter(({ path }) => path.includes('/alveole/'))
        .reduce((sum, { bytes }) => sum + bytes.length, 0)
    const row = async (action: string, plain: number, work: () => Promise<unknown>): Promise<Row> => {
      const before = stored()
      await work()
      const grown = stored() - before
      return { action, baseline: kilobytes(plain), alveole: kilobytes(grown), ...atMost(grown / plain, 1.15, '×') }
    }
    const records = bundle(RECORDS)
    const video = new Blob([randomBytes(VIDEO)])
    const name = 'video.mp4'
    return {
      about: 'size:',
      rows: [
        await row('records', records.blob.size, () => vault.import([records])),
        await row('video', VIDEO, () => vault.import([{ name, blob: video }])),
      ],
    }
  })
