/**
 * Streams of notifications over HTTP, with who opened each: CSS keeps them by topic only. One whose reader lost access is
 * ended, before each notification and whenever access may have changed.
 */
import { PassThrough } from 'node:stream'
import type {
  Credentials,
  CredentialsExtractor,
  InteractionRoute,
  OperationHttpHandlerInput,
  StreamingHttpEmitterInput,
} from '@solid/community-server'
import { css } from '../css.ts'
import type { ReadAccess } from './read-access.ts'

type Handler = InstanceType<typeof css.StreamingHttpRequestHandler>
type Made = ConstructorParameters<typeof css.StreamingHttpRequestHandler>
type StreamMap = Made[0]
type Stream = Parameters<StreamMap['add']>[1] & PassThrough

export class OpenStreams {
  readonly #access: ReadAccess
  readonly #heard: StreamMap
  readonly #open = new Map<Stream, { topic: string; reader: Credentials }>()

  constructor(access: ReadAccess, heard: StreamMap) {
    this.#access = access
    this.#heard = heard
  }

  add(stream: Stream, topic: string, reader: Credentials): void {
    this.#open.set(stream, { topic, reader })
    stream.once('close', () => this.#open.delete(stream))
  }

  /** Of one topic, or of all. */
  async endLost(only?: string): Promise<void> {
    for (const [stream, { topic, reader }] of this.#open) {
      if (only !== undefined && only !== topic) continue
      if (await this.#access.mayRead(topic, reader)) continue
      this.#heard.deleteEntry(topic, stream)
      stream.end()
    }
  }
}

export class RememberingStreamHandler extends css.StreamingHttpRequestHandler {
  readonly #streams: OpenStreams
  readonly #route: InteractionRoute
  readonly #credentials: CredentialsExtractor

  constructor(streams: OpenStreams, ...made: Made) {
    super(...made)
    this.#streams = streams
    this.#route = made[1]
    this.#credentials = made[4]
  }

  override async handle(input: OperationHttpHandlerInput): ReturnType<Handler['handle']> {
    const answer = await super.handle(input)
    const topic = decodeURIComponent(input.operation.target.path.replace(this.#route.getPath(), ''))
    // Kept with the request by CSS: this asks nobody again.
    if (answer.data instanceof PassThrough)
      this.#streams.add(answer.data, topic, await this.#credentials.handleSafe(input.request))
    return answer
  }
}

export class CheckingStreamEmitter extends css.StreamingHttp2023Emitter {
  readonly #streams: OpenStreams

  constructor(streams: OpenStreams, map: StreamMap) {
    super(map)
    this.#streams = streams
  }

  override async handle(input: StreamingHttpEmitterInput): Promise<void> {
    await this.#streams.endLost(input.channel.topic)
    await super.handle(input)
  }
}
