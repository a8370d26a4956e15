/** Our pod server in a process of its own that may be killed at any moment and is started again on the same folder and port. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../pod-server/main.ts', import.meta.url))

export class PodProcess {
  readonly folder: string
  #url = ''
  #child: ChildProcess | null = null

  constructor(folder: string) {
    this.folder = folder
  }

  /** The same from the first start on. */
  get url(): string {
    return this.#url
  }

  /** `command`: what runs a script of Node. */
  async start([program, ...args]: readonly [string, ...string[]] = [process.execPath]): Promise<void> {
    const port = this.#url ? new URL(this.#url).port : '0'
    const child = spawn(program, [...args, main, '--port', port, '--data', this.folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#child = child
    const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown]
    const url = /^ready (\S+)/.exec(String(line))?.[1]
    if (!url) throw new Error('the pod server did not start')
    this.#url = url
  }

  /** With -9 unless told otherwise: nothing of it runs on. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}
