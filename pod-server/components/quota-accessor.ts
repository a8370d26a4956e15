/**
 * No pod holds more than its quota. CSS's own measures the whole pod at each chunk of each upload; this one once, and counts
 * what is written and deleted from there on.
 */
import { PassThrough } from 'node:stream'
import type { DataAccessor, RepresentationMetadata, ResourceIdentifier, SizeReporter } from '@solid/community-server'
import { css } from '../css.ts'

type Content = Parameters<DataAccessor['writeDocument']>[1]

/** Files that something else than this server changed are counted again after that long. */
const MEASURED_MS = 3_600_000

/** The pod that a path is in; what the server keeps for itself has no quota. */
const POD = /^[\w-][\w.-]*\//

export class QuotaAccessor extends css.PassthroughDataAccessor {
  readonly #sizes: SizeReporter<string>
  readonly #baseUrl: string
  readonly #most: number
  readonly #used = new Map<string, Promise<{ bytes: number; at: number }>>()

  /** `most`: bytes of one pod; 0 for as many as the disk takes. */
  constructor(accessor: DataAccessor, sizes: SizeReporter<string>, baseUrl: string, most: number) {
    super(accessor)
    this.#sizes = sizes
    this.#baseUrl = baseUrl
    this.#most = most
  }

  override async writeDocument(id: ResourceIdentifier, data: Content, metadata: RepresentationMetadata): Promise<void> {
    const used = await this.#usedBy(id)
    if (!used) return super.writeDocument(id, data, metadata)
    const before = (await this.#sizes.getSize(id)).amount
    const counter = counting(used, this.#most + before)
    try {
      await super.writeDocument(id, css.guardStream(css.pipeSafely(data, counter.stream)), metadata)
      used.bytes -= before
    } catch (error) {
      used.bytes -= counter.bytes()
      throw error
    }
  }

  override async deleteResource(id: ResourceIdentifier): Promise<void> {
    const used = await this.#usedBy(id)
    const before = used ? (await this.#sizes.getSize(id)).amount : 0
    await super.deleteResource(id)
    if (used) used.bytes -= before
  }

  async #usedBy({ path }: ResourceIdentifier): Promise<{ bytes: number } | null> {
    const [pod] = (this.#most > 0 && POD.exec(path.slice(this.#baseUrl.length))) || []
    if (pod === undefined) return null
    const known = await this.#used.get(pod)
    if (known && Date.now() - known.at < MEASURED_MS) return known
    const measuring = this.#sizes
      .getSize({ path: this.#baseUrl + pod })
      .then(({ amount }) => ({ bytes: amount, at: Date.now() }))
    this.#used.set(pod, measuring)
    return measuring
  }
}

/** RFC 4918 §11.5: 507, which says that making room helps. */
class Full extends css.HttpError<507> {
  constructor() {
    super(507, 'InsufficientStorageHttpError', 'The pod is full')
  }
}

/** Counted as it comes, so that several uploads at once share what is left. */
const counting = (used: { bytes: number }, most: number): { stream: PassThrough; bytes: () => number } => {
  let bytes = 0
  let isFull = false
  const stream = new PassThrough({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      used.bytes += chunk.length
      isFull ||= used.bytes > most
      done(null, isFull ? undefined : chunk)
    },
    // Only now: a body that is not read to its end leaves the client with a broken connection, and no answer.
    flush(done) {
      done(isFull ? new Full() : null)
    },
  })
  return { stream, bytes: () => bytes }
}
