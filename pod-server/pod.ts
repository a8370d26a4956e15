/** The pod server, in this process: Community Solid Server with our components, on one port and one folder. */
import { once } from 'node:events'
import { access, constants, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { AlveoleError } from '../crypto/errors.ts'
import { buildFunction } from './cache.ts'
import type { Variables } from './compile.ts'
import type { Limits } from './door/limits.ts'
import type { SeedAccount } from './seed.ts'

export type PodOptions = {
  /** 0 takes a free one. */
  port: number
  /** Folder of accounts and pods, made when absent. One server at a time. */
  data: string
  /** As the browser sees it, when a proxy stands before. `http://localhost:PORT/` otherwise. */
  baseUrl?: string
  seed?: readonly SeedAccount[]
  /** Address to listen on. Loopback otherwise. */
  host?: string
  /** Whether reads of vaults are noted, sealed to their owners. They are otherwise. */
  history?: boolean
  /** Files of a certificate and its key: https by itself, without a proxy. */
  tls?: { cert: string; key: string }
  /** Whether a proxy of ours stands before, whose `X-Forwarded-…` headers count. As `baseUrl` is given otherwise. */
  proxy?: boolean
  /** Bytes that one pod may hold; 0, as it is otherwise, for as many as the disk takes. */
  quota?: number
  /** Bytes of one request's body; 0 for any. */
  maxBody?: number
  /** Requests of one address in a minute; 0 for any. */
  rate?: number
  /** A line in the log for each request, without who or what. */
  requestLog?: boolean
  /** Errors only in the log on standard error, not warnings. */
  quiet?: boolean
  /** Folder of the pod template and the account pages. `template/` beside this module otherwise, in the checkout as in the package. */
  template?: string
}

export type Pod = { url: string; stop: () => Promise<void> }

export const startPod = async (options: PodOptions): Promise<Pod> => {
  const { data, host = '127.0.0.1' } = options
  const port = await reservePort(options.port, host)
  const folder = await writableFolder(data)
  const scheme = options.tls ? 'https' : 'http'
  const url = withSlash(new URL(options.baseUrl ?? `${scheme}://localhost:${port}/`).href)
  const build = await buildFunction()
  const app = build(
    variables({ proxy: options.baseUrl !== undefined, ...options, port, host, baseUrl: url, data: folder }),
  )
  await app.start().catch((error: unknown) => {
    throw listenError(error, port, host)
  })
  let stopped: Promise<void> | undefined
  return { url, stop: () => (stopped ??= app.stop()) }
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`)

const CSS_VARIABLE = 'urn:solid-server:default:variable:'
const OUR_VARIABLE = 'urn:alveole:variable:'

/** Given directly: CSS's own way would read every environment variable named CSS_… as an option. */
const variables = (options: PodOptions & { host: string; baseUrl: string }): Variables => ({
  [`${CSS_VARIABLE}port`]: options.port,
  [`${CSS_VARIABLE}baseUrl`]: options.baseUrl,
  [`${CSS_VARIABLE}rootFilePath`]: options.data,
  [`${CSS_VARIABLE}loggingLevel`]: options.quiet ? 'error' : 'warn',
  [`${CSS_VARIABLE}showStackTrace`]: false,
  [`${CSS_VARIABLE}workers`]: 1,
  [`${CSS_VARIABLE}confirmMigration`]: false,
  [`${OUR_VARIABLE}host`]: options.host,
  [`${OUR_VARIABLE}limits`]: limitsOf(options),
  [`${OUR_VARIABLE}quota`]: options.quota ?? 0,
  [`${OUR_VARIABLE}requestLog`]: options.requestLog ?? false,
  [`${OUR_VARIABLE}https`]: options.tls !== undefined,
  [`${OUR_VARIABLE}key`]: options.tls?.key ?? '',
  [`${OUR_VARIABLE}cert`]: options.tls?.cert ?? '',
  [`${OUR_VARIABLE}history`]: options.history ?? true,
  [`${OUR_VARIABLE}seed`]: options.seed ?? [],
  [`${OUR_VARIABLE}podTemplate`]: templateOf(options),
  [`${OUR_VARIABLE}pages`]: join(templateOf(options), 'pages/'),
  [`${OUR_VARIABLE}mainPage`]: join(templateOf(options), 'pages', 'main.html.ejs'),
})

const templateOf = ({ template }: PodOptions): string => template ?? join(import.meta.dirname, 'template')

const limitsOf = ({ maxBody = 0, rate = 0, proxy = false }: PodOptions): Limits => ({
  body: maxBody,
  rate,
  isProxied: proxy,
})

const listenError = (error: unknown, port: number, host: string): unknown => {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new AlveoleError('taken', `Port ${port} is taken`, { cause: error, detail: { port } })
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error
  const address = `${host}:${port}`
  return new AlveoleError('offline', `Cannot listen on ${address}`, { cause: error, detail: { address } })
}

/** Tried before anything is written: the base URL holds the port, and a second server must not touch a used folder. */
const reservePort = async (port: number, host: string): Promise<number> => {
  const server = createServer().listen(port, host)
  await once(server, 'listening').catch((error: unknown) => {
    throw listenError(error, port, host)
  })
  const { port: found } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return found
}

const writableFolder = async (data: string): Promise<string> => {
  const folder = resolve(data)
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    await mkdir(join(folder, '.internal'), { recursive: true })
    await rm(join(folder, '.internal', 'tempFiles'), { recursive: true, force: true }) // uploads that a killed server had begun
    await closeRoot(folder)
  } catch (cause) {
    throw new AlveoleError('full', `Cannot write in ${folder}`, { cause, detail: { folder } })
  }
  return folder
}

/**
 * Outside the pods nobody may do anything. Without a list there, CSS answers every question about what stands in no pod, such as
 * a WebID that does not exist, with an error of its own.
 */
const closeRoot = async (folder: string): Promise<void> => {
  const text = '# Nobody reads or writes outside the pods; each pod has its own list.\n'
  await writeFile(join(folder, '.acl'), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
