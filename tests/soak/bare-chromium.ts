/**
 * A Chromium that nobody watches: Playwright sets a page up and leaves, and from then on the page is spoken to over CDP alone. What
 * watches requests, as Playwright does, keeps their bodies in the very process whose memory is to be measured.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright-core'
import { chromiumPath, FLAGS } from '../chromium.ts'

export interface BarePage {
  /** The value of an expression. */
  evaluate<T>(expression: string): Promise<T>
  /** Into the only file input that the page has or makes. */
  chooseFile(path: string, click: string): Promise<void>
  downloadTo(folder: string): Promise<void>
  /** Of the processes that pages and their workers are in: what each holds that is no file's, in bytes. */
  memory(): Promise<number>
  collectGarbage(): Promise<void>
  close(): Promise<void>
}

/** `prepare` is given a fresh page, which stays as it leaves it. */
export async function barePage(prepare: (page: Page) => Promise<void>): Promise<BarePage> {
  const profile = await mkdtemp(join(tmpdir(), 'alveole-chromium-'))
  const flags = [...FLAGS, '--lang=en', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const child = spawn(chromiumPath(), [...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const endpoint = await endpointOf(child)
  const browser = await chromium.connectOverCDP(endpoint)
  const [context] = browser.contexts()
  const [page] = context!.pages()
  await prepare(page!)
  await browser.close() // only leaves: it was not started from there
  const connection = await connect(endpoint)
  const close = async (): Promise<void> => {
    connection.end()
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return { ...(await speaking(connection)), close }
}

async function endpointOf({ stderr }: ChildProcess): Promise<string> {
  for await (const line of createInterface(stderr!)) {
    const [, endpoint] = /^DevTools listening on (\S+)/.exec(line) ?? []
    if (!endpoint) continue
    stderr!.resume()
    return endpoint
  }
  throw new Error('Chromium did not start')
}

interface Connection {
  ask<T>(method: string, params?: object, sessionId?: string): Promise<T>
  onEvent(method: string, listener: (params: unknown) => void): void
  end(): void
}

interface Message {
  id?: number
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}

async function connect(endpoint: string): Promise<Connection> {
  const socket = new WebSocket(endpoint)
  await once(socket as never, 'open')
  const waiting = new Map<number, (message: Message) => void>()
  const listeners = new Map<string, (params: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    waiting.get(message.id ?? 0)?.(message)
    waiting.delete(message.id ?? 0)
    listeners.get(message.method ?? '')?.(message.params)
  })
  let last = 0
  return {
    ask: <T>(method: string, params: object = {}, sessionId?: string) =>
      new Promise<T>((resolve, reject) => {
        const id = ++last
        waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result as T)))
        socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }))
      }),
    onEvent: (method, listener) => void listeners.set(method, listener),
    end: () => socket.close(),
  }
}

async function speaking({ ask, onEvent }: Connection): Promise<Omit<BarePage, 'close'>> {
  const { targetInfos } = await ask<{ targetInfos: { targetId: string; type: string }[] }>('Target.getTargets')
  const { targetId } = targetInfos.find(({ type }) => type === 'page')!
  const attached = { targetId, flatten: true }
  const { sessionId: page } = await ask<{ sessionId: string }>('Target.attachToTarget', attached)
  const evaluate = async <T>(expression: string): Promise<T> => {
    const how = { expression, awaitPromise: true, returnByValue: true, userGesture: true }
    const { result } = await ask<{ result: { value: T } }>('Runtime.evaluate', how, page)
    return result.value
  }
  return {
    evaluate,
    async chooseFile(path, click) {
      await ask('Page.enable', {}, page)
      await ask('Page.setInterceptFileChooserDialog', { enabled: true }, page)
      const opened = new Promise<{ backendNodeId: number }>(resolve => {
        onEvent('Page.fileChooserOpened', params => resolve(params as { backendNodeId: number }))
      })
      await evaluate(click)
      const { backendNodeId } = await opened
      await ask('DOM.setFileInputFiles', { files: [path], backendNodeId }, page)
    },
    downloadTo: async downloadPath =>
      void (await ask('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath })),
    async memory() {
      const { processInfo } = await ask<{ processInfo: { type: string; id: number }[] }>('SystemInfo.getProcessInfo')
      const each = await Promise.all(
        processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => anonymous(id)),
      )
      return each.reduce((sum, bytes) => sum + bytes, 0)
    },
    async collectGarbage() {
      const sessions = [page]
      onEvent('Target.attachedToTarget', params => sessions.push((params as { sessionId: string }).sessionId))
      const how = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }
      await ask('Target.setAutoAttach', how, page) // its workers are told before the answer
      for (const session of sessions) await ask('HeapProfiler.collectGarbage', {}, session)
    },
  }
}

/** Of Linux; 0 where the process has ended meanwhile. */
async function anonymous(id: number): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
  return 1024 * Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0)
}
