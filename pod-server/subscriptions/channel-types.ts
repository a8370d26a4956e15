/**
 * Notification channels that remember who opened them, so that their access can be looked at again later. CSS looks once,
 * at the subscription. What is remembered is not told to anybody.
 */
import type { Credentials, NotificationChannel, WebhookChannel2023 } from '@solid/community-server'
import { css } from '../css.ts'

export type Subscribed<T extends NotificationChannel = NotificationChannel> = T & { subscriber: Credentials }
type Data = Parameters<InstanceType<typeof css.WebhookChannel2023Type>['initChannel']>[0]

/** A plain copy, as it will be stored: `agent`, `client` and `issuer` as far as the token said them. */
const remember = <T extends NotificationChannel>(channel: T, subscriber: Credentials): Subscribed<T> => ({
  ...channel,
  subscriber: structuredClone(subscriber),
})

const shown = (channel: NotificationChannel): NotificationChannel => {
  const { subscriber: _, ...rest } = channel as Subscribed
  return rest
}

export class SubscribedSocketType extends css.WebSocketChannel2023Type {
  override async initChannel(data: Data, credentials: Credentials) {
    return remember(await super.initChannel(data, credentials), credentials)
  }

  override toJsonLd(channel: NotificationChannel): Promise<Record<string, unknown>> {
    return super.toJsonLd(shown(channel))
  }
}

export class SubscribedWebhookType extends css.WebhookChannel2023Type {
  /** CSS calls it with both, whatever the type of its own says. */
  override async initChannel(data: Data, credentials: Credentials = {}): Promise<Subscribed<WebhookChannel2023>> {
    return remember(await super.initChannel(data), credentials)
  }

  override toJsonLd(channel: NotificationChannel): Promise<Record<string, unknown>> {
    return super.toJsonLd(shown(channel))
  }
}
