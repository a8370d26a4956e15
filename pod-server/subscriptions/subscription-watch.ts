/**
 * Closes what is open of subscriptions whose access is gone: soon after rules or any other plain document, perhaps a
 * group's, were written here, and every few seconds, for rules that end by themselves and changes made elsewhere. Nothing is
 * sent meanwhile: access is looked at before each notification too.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { ActivityEmitter, WebSocketMap } from '@solid/community-server'
import { css } from '../css.ts'
import type { LastingChannelStorage } from './channel-storage.ts'
import type { OpenStreams } from './open-streams.ts'

const EVERY_MS = 5_000
/** Many rules are often written one after another. */
const SOON_MS = 50

export class SubscriptionWatch extends css.StaticHandler {
  readonly #channels: LastingChannelStorage
  readonly #sockets: WebSocketMap
  readonly #streams: OpenStreams
  #isDue = false

  constructor(emitter: ActivityEmitter, channels: LastingChannelStorage, sockets: WebSocketMap, streams: OpenStreams) {
    super()
    this.#channels = channels
    this.#sockets = sockets
    this.#streams = streams
    emitter.on('changed', ({ path }) => void (path.endsWith('.alv') || this.#look()))
    setInterval(() => void this.#look(), EVERY_MS).unref()
  }

  async #look(): Promise<void> {
    if (this.#isDue) return
    this.#isDue = true
    await wait(SOON_MS, undefined, { ref: false })
    this.#isDue = false
    await this.#streams.endLost()
    for (const [id, sockets] of this.#sockets.entrySets()) {
      if (!(await this.#channels.goesOn(id).catch(() => false))) for (const socket of sockets) socket.close()
    }
  }
}
