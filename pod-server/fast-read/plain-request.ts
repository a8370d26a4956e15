/** The requests that the fast path looks at: every header that CSS reads is absent, or says what its absence says. */
import type { IncomingMessage } from 'node:http'

/** No escapes, no empty segments, none that begins with a dot: `/.internal/`, `/.account/` and `..` are not for us. */
const PATH = /^(?:\/[\w-][\w.-]*)+\.alv$/

/** One strong tag. Lists, weak tags and `*` are for CSS. */
const TAG = /^"[^",]*"$/

const READ_BY_CSS = [
  'accept-charset',
  'accept-datetime',
  'content-length',
  'content-type',
  'cookie',
  'if-match',
  'if-modified-since',
  'if-unmodified-since',
  'link',
  'range',
  'slug',
  'transfer-encoding',
]

export const isPlain = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  headers.authorization !== undefined &&
  (headers.accept ?? '*/*') === '*/*' &&
  TAG.test(headers['if-none-match'] ?? '""') &&
  READ_BY_CSS.every(name => headers[name] === undefined) &&
  PATH.test(url)
