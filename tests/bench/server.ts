/** Our pod server in a process of its own, so that client and server do not share an event loop, on a fresh folder. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Server {
  url: string
  pid: number
  /** Where its accounts and pods are. */
  folder: string
}

interface Options {
  port?: number
  baseUrl?: string
  /** Whether reads of vaults are noted; they are otherwise. */
  history?: boolean
}

const main = fileURLToPath(new URL('../../pod-server/main.ts', import.meta.url))

export async function withServer<T>(
  use: (server: Server) => Promise<T>,
  { port = 0, baseUrl, history = true }: Options = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-bench-'))
  const config = join(folder, 'settings.json')
  await writeFile(config, JSON.stringify({ history }))
  const args = [
    main,
    '--config',
    config,
    '--port',
    `${port}`,
    '--data',
    folder,
    ...(baseUrl ? ['--base-url', baseUrl] : []),
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown]
    const url = /^ready (\S+)/.exec(String(line))?.[1]
    if (!url) throw new Error('the pod server did not start')
    return await use({ url, folder, pid: child.pid! })
  } finally {
    const closed = once(child, 'close')
    child.kill()
    if (child.exitCode === null) await closed
    await rm(folder, { recursive: true, force: true })
  }
}
