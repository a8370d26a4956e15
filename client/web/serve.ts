/**
 * Serves the built web client on loopback: nothing but the files of the build, `/config.json`, `/demo.json` and the page
 * itself for every address of the client. The policy allows no inline script or style, no `eval` but WebAssembly's, and
 * scripts of this origin only; requests and the sockets of notifications may go to the pod, and to https and wss, since members of
 * a circle may keep their vaults on servers of their own.
 */
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip as gzipWithCallback } from 'node:zlib'

const gzip = promisify(gzipWithCallback)

export interface Serving {
  /** The build: `dist/web`. */
  folder: string
  port: number
  host?: string
  /** URL of the pod server, told to the page and allowed by its policy. */
  podUrl: string
  /** JSON file of the demonstration's doors. */
  demoFile?: string
}

const types: { [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
}

/** Of the worker that draws PDF, wherever its script says so by its name: it has no business with any pod. */
const DRAWS_PDF = /^\/assets\/pdf\.worker-[\w-]+\.js$/
const pdfPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

const policyFor = (podUrl: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    `connect-src 'self' ${new URL(podUrl).origin} ${new URL(podUrl).origin.replace(/^http/, 'ws')} https: wss:`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types alveole',
  ].join('; ')

const headersFor = (podUrl: string): { [name: string]: string } => ({
  'content-security-policy': policyFor(podUrl),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})

interface Served {
  body: Buffer
  gzipped: Buffer
  type: string
}

/**
 * The build by request path, read once: a path that is not in the list does not exist, whatever dots it holds, and a
 * build made meanwhile changes nothing under a page that is open.
 */
async function filesIn(folder: string): Promise<Map<string, Served>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && !entry.name.startsWith('.'))
  const read = files.map(async ({ parentPath, name }) => {
    const file = join(parentPath, name)
    const body = await readFile(file)
    const path = file.slice(join(folder, '/').length - 1).replaceAll('\\', '/')
    const type = types[extname(file)] ?? 'application/octet-stream'
    return [path, { body, gzipped: await gzip(body), type }] as const
  })
  return new Map(await Promise.all(read))
}

function sendFile(file: Served, path: string, request: IncomingMessage, response: ServerResponse): void {
  const packed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  const body = packed ? file.gzipped : file.body
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': body.length,
    ...(packed && { 'content-encoding': 'gzip' }),
    vary: 'accept-encoding',
    ...(DRAWS_PDF.test(path) && { 'content-security-policy': pdfPolicy }),
    // Names under assets/ carry the hash of their content.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  response.end(body)
}

function sendJson(json: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(json)
}

const answerNone = (status: number, response: ServerResponse): void => void response.writeHead(status).end()

/** Addresses of the client have no dots; files have. */
const isPage = (path: string): boolean => !path.slice(path.lastIndexOf('/')).includes('.')

async function answer(
  serving: Serving,
  files: Map<string, Served>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (request.method !== 'GET' && request.method !== 'HEAD') return answerNone(405, response)
  const doors = serving.demoFile ? await readFile(serving.demoFile, 'utf8').catch(() => null) : null
  if (pathname === '/config.json') {
    return sendJson(JSON.stringify({ pod: serving.podUrl, demo: doors !== null }), response)
  }
  if (pathname === '/demo.json') return doors === null ? answerNone(404, response) : sendJson(doors, response)
  const file = files.get(pathname) ?? (isPage(pathname) ? files.get('/index.html') : undefined)
  return file ? sendFile(file, pathname, request, response) : answerNone(404, response)
}

/** Resolves once it listens; a taken port rejects with EADDRINUSE. */
export async function serveWeb(serving: Serving): Promise<{ url: string; server: Server }> {
  const files = await filesIn(serving.folder)
  const headers = headersFor(serving.podUrl)
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    answer(serving, files, request, response).catch(() => answerNone(500, response))
  })
  server.listen(serving.port, serving.host ?? '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : serving.port
  return { url: `http://localhost:${port}/`, server }
}
