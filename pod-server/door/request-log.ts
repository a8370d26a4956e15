/**
 * One line of JSON for each request, without a word on who asked for what: no address, name, path or application, only the
 * kind of thing it was about.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

const KINDS: [RegExp, string][] = [
  [/^\/health$/, 'health'],
  [/^\/\.account\//, 'account'],
  [/^\/\.oidc\/|^\/\.well-known\//, 'sign-in'],
  [/^\/\.notifications\//, 'subscription'],
  [/\/alveole\/.*\.alv$/, 'vault'],
  [/\.acl$/, 'rules'],
  [/\/$/, 'folder'],
]

const kindOf = (url: string): string => {
  const [path = ''] = url.split('?', 1)
  return KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? 'resource'
}

export const logRequest = ({ method, url = '' }: IncomingMessage, response: ServerResponse): void => {
  const begun = performance.now()
  response.once('close', () => {
    const { statusCode: status, writableFinished: whole } = response
    const ms = Math.round(performance.now() - begun)
    const line = {
      time: new Date().toISOString(),
      level: 'info',
      request: { method, kind: kindOf(url), status, ms, whole },
    }
    process.stderr.write(`${JSON.stringify(line)}\n`)
  })
}
