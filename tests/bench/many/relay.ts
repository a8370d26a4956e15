/** Stands before a pod server, signed in: who asks it needs no session, be it a bare process or a page that it serves. Reads only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface SignedInRelay {
  /** What to put before a URL of the pod, encoded. */
  prefix: string
  close(): void
}

const PASSED = ['etag', 'content-type', 'link']
const HTML = '<!doctype html><title>reader</title>'

/** `files`: code by path, served beside an empty page. */
export async function signedInRelay(
  signedIn: typeof fetch,
  files: ReadonlyMap<string, string> = new Map(),
): Promise<SignedInRelay> {
  const serve = async ({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const code = files.get(url)
    if (code !== undefined) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(code)
    if (!url.startsWith('/http')) return void response.writeHead(200, { 'content-type': 'text/html' }).end(HTML)
    const ifNoneMatch = headers['if-none-match']
    const reply = await signedIn(decodeURIComponent(url.slice(1)), {
      ...(ifNoneMatch && { headers: { 'if-none-match': ifNoneMatch } }),
    })
    const passed = PASSED.flatMap(name => (reply.headers.has(name) ? [[name, reply.headers.get(name)!]] : []))
    response.writeHead(reply.status, Object.fromEntries(passed))
    response.end(reply.status === 304 ? undefined : Buffer.from(await reply.arrayBuffer()))
  }
  const server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { prefix: `http://127.0.0.1:${port}/`, close: () => void server.close() }
}
