/**
 * A film made here: VP8 frames that the browser under test encodes from a canvas, one second a minute, in a WebM file (Matroska,
 * RFC 9559) with an index of its clusters, and made large by Void elements between them.
 */
import type { Page } from 'playwright-core'

const CLUSTERS = 10
/** Milliseconds between clusters, of which each lasts one second: a browser reads ahead by time. */
const APART = 60_000
/** As many as a browser looks at before it knows how fast they come. */
const PER_SECOND = 25

interface Frame {
  /** Milliseconds. */
  at: number
  isKey: boolean
  bytes: number[]
}

function encodeFrames([seconds, perSecond]: readonly [number, number]): Promise<Frame[]> {
  return new Promise((resolve, reject) => {
    const frames: Frame[] = []
    const encoder = new VideoEncoder({
      output: chunk => {
        const bytes = new Uint8Array(chunk.byteLength)
        chunk.copyTo(bytes)
        frames.push({ at: chunk.timestamp / 1000, isKey: chunk.type === 'key', bytes: [...bytes] })
      },
      error: reject,
    })
    encoder.configure({ codec: 'vp8', width: 64, height: 48, framerate: perSecond })
    const canvas = new OffscreenCanvas(64, 48)
    const context = canvas.getContext('2d')!
    for (let i = 0; i < seconds * perSecond; i++) {
      context.fillStyle = `hsl(${i * 7} 80% 50%)`
      context.fillRect(0, 0, 64, 48)
      const frame = new VideoFrame(canvas, { timestamp: (i * 1e6) / perSecond })
      encoder.encode(frame, { keyFrame: i % perSecond === 0 })
      frame.close()
    }
    encoder.flush().then(() => resolve(frames), reject)
  })
}

const uint = (value: number, bytes = 8): Buffer => {
  const out = Buffer.alloc(8)
  out.writeBigUInt64BE(BigInt(value))
  return out.subarray(8 - bytes)
}
/** An EBML element: its id, its size in eight bytes, its content. */
const element = (id: number, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  const size = uint(body.length)
  size[0]! |= 1
  const name = Buffer.from(id.toString(16), 'hex')
  return Buffer.concat([name, size, body])
}
const text = (value: string): Buffer => Buffer.from(value, 'ascii')
const double = (value: number): Buffer => {
  const out = Buffer.alloc(8)
  out.writeDoubleBE(value)
  return out
}

const header = element(
  0x1a45dfa3,
  element(0x4286, uint(1, 1)), // EBMLVersion
  element(0x42f7, uint(1, 1)), // EBMLReadVersion
  element(0x42f2, uint(4, 1)), // EBMLMaxIDLength
  element(0x42f3, uint(8, 1)), // EBMLMaxSizeLength
  element(0x4282, text('webm')), // DocType
  element(0x4287, uint(4, 1)), // DocTypeVersion
  element(0x4285, uint(2, 1)), // DocTypeReadVersion
)
const info = element(
  0x1549a966,
  element(0x2ad7b1, uint(1_000_000, 4)), // TimestampScale: a millisecond
  element(0x4489, double(CLUSTERS * APART)), // Duration
  element(0x4d80, text('alveole')), // MuxingApp
  element(0x5741, text('alveole')), // WritingApp
)
const tracks = element(
  0x1654ae6b,
  element(
    0xae,
    element(0xd7, uint(1, 1)), // TrackNumber
    element(0x73c5, uint(1, 1)), // TrackUID
    element(0x83, uint(1, 1)), // TrackType: video
    element(0x86, text('V_VP8')), // CodecID
    element(0xe0, element(0xb0, uint(64, 2)), element(0xba, uint(48, 2))), // Video: PixelWidth, PixelHeight
  ),
)

const simpleBlock = ({ at, isKey, bytes }: Frame): Buffer =>
  element(0xa3, Buffer.from([0x81, ...uint(at % 1000, 2), isKey ? 0x80 : 0]), Buffer.from(bytes))

const cuesTo = (positions: readonly number[]): Buffer =>
  element(
    0x1c53bb6b,
    ...positions.map((position, index) =>
      element(
        0xbb,
        element(0xb3, uint(index * APART)), // CueTime
        element(0xb7, element(0xf7, uint(1, 1)), element(0xf1, uint(position))), // CueTrack, CueClusterPosition
      ),
    ),
  )

/** Of ten minutes; `padding` bytes stand before each but the first. */
export async function makeFilm(page: Page, padding: number): Promise<Buffer> {
  const frames = await page.evaluate(encodeFrames, [CLUSTERS, PER_SECOND] as const)
  const clusters = Array.from({ length: CLUSTERS }, (_, index) => {
    const blocks = frames.filter(({ at }) => Math.floor(at / 1000) === index).map(simpleBlock)
    const cluster = element(0x1f43b675, element(0xe7, uint(index * APART, 4)), ...blocks)
    return index ? [element(0xec, Buffer.alloc(Math.round(padding))), cluster] : [cluster]
  })
  const before = info.length + tracks.length + cuesTo(clusters.map(() => 0)).length
  let at = before
  const positions = clusters.map(parts => {
    const position = at + (parts.length > 1 ? parts[0]!.length : 0)
    at += parts.reduce((sum, { length }) => sum + length, 0)
    return position
  })
  return Buffer.concat([header, element(0x18538067, info, tracks, cuesTo(positions), ...clusters.flat())])
}
