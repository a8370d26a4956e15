/** What the vectors hold, as it is stored or sent; and behind each seal. */
import { readdirSync, readFileSync } from 'node:fs'
import { fromHex, hash, toHex, utf8 } from '#crypto'
import { layered, type Layered } from '../../crypto/layers.ts'
import { replay } from '../../vectors/replay.ts'
import type { Input, VectorFile } from '../../vectors/vector.ts'
import type { Parser } from '../parser.ts'

const vectors = readdirSync(new URL('../../vectors/', import.meta.url))
  .filter(name => name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8')) as VectorFile)

/** The field of each format's vectors that the host or a stranger writes. */
const foreignField: { [format: string]: string } = {
  account: 'account',
  'account-page': 'page',
  'account-state': 'state',
  agreement: 'signed',
  announcement: 'signed',
  'blob-page': 'page',
  'blob-part': 'part',
  catalogue: 'head',
  'catalogue-rows': 'rows',
  'device-slot': 'slot',
  envelope: 'sealed',
  'feed-lines': 'signed',
  'group-entries': 'log',
  'group-log': 'head',
  head: 'head',
  'identity-log': 'log',
  'join-request': 'signed',
  'leave-request': 'signed',
  kem: 'sealed',
  keyring: 'keyring',
  'index-run': 'run',
  'manifest-page': 'page',
  message: 'message',
  'queued-write': 'queued',
  segment: 'segment',
}

function ofFormat({ format, valid }: VectorFile): Parser[] {
  const field = foreignField[format]
  if (!field) return []
  const inputs = valid.map(({ input }) => input).filter(input => typeof input[field] === 'string')
  return [
    {
      name: format,
      samples: inputs.map((input, base) => ({ base, bytes: fromHex(input[field] as string) })),
      feed: ({ base, bytes }) => replay[format]!(withField(inputs[base % inputs.length]!, field, bytes)),
    },
  ]
}

/** A hash that names the bytes follows them: the parser behind it is what is looked at. */
const withField = (input: Input, field: string, bytes: Uint8Array): Input => ({
  ...input,
  [field]: toHex(bytes),
  ...(input.hash !== undefined && { hash: toHex(hash(bytes)) }),
})

/** Behind the seal: one layer is altered, and all around it sealed and signed again. */
const behindSeal = ({ name, layers, build, open }: Layered): Parser => ({
  name: `sealed ${name}`,
  samples: layers.map((layer, base) => ({ base, bytes: layerOf(build, layer) })),
  feed({ base, bytes }) {
    const altered = layers[base % layers.length]!
    return open(build((layer, written) => (layer === altered ? bytes : written)))
  },
})

function layerOf(build: Layered['build'], wanted: string): Uint8Array {
  let found = new Uint8Array()
  build((layer, written) => {
    if (layer === wanted) found = written.slice()
    return written
  })
  return found
}

export const samplesOf = (format: string, field: string): Uint8Array[] =>
  (vectors.find(one => one.format === format)?.valid ?? [])
    .map(({ input }) => input[field])
    .filter(value => typeof value === 'string')
    .map(fromHex)
export const textsOf = (format: string, field: string): Uint8Array[] =>
  (vectors.find(one => one.format === format)?.valid ?? []).map(({ input }) => utf8(input[field] as string))

export const ofVectors: readonly Parser[] = [...vectors.flatMap(ofFormat), ...layered.map(behindSeal)]
