/**
 * What a proxy says of a request. CSS believes such headers from anybody; without a proxy of ours they are anybody's words
 * and taken off.
 */
import type { IncomingMessage } from 'node:http'

export const dropForwarded = ({ headers }: IncomingMessage): void => {
  for (const name of Object.keys(headers)) if (/^(?:forwarded$|x-forwarded-)/.test(name)) delete headers[name]
}

/** Who asks, for limits only. The last address is the one that our proxy saw; those before are the client's words. */
export const addressOf = ({ headers, socket }: IncomingMessage, isProxied: boolean): string => {
  const said = isProxied
    ? String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : ''
  return said || (socket.remoteAddress ?? '')
}
