/** A client (client.ts) as its own process, started again from where it was whenever it is killed, until it is through. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Said, Task } from './client.ts'
import type { Model, Wanted } from './model.ts'

const script = fileURLToPath(new URL('client.ts', import.meta.url))

export class ClientProcess {
  /** Resolves when all its operations are through; throws what its process did not survive by itself. */
  readonly finished: Promise<void>
  readonly #model: Model
  #task: Task
  #child: ChildProcess | null = null
  #isEnded = false
  readonly #codes: string[] = []

  constructor(model: Model, task: Task) {
    this.#model = model
    this.#task = task
    this.finished = this.#run()
    this.finished.catch(() => undefined) // told to whoever waits for it
  }

  async #run(): Promise<void> {
    for (;;) {
      const child = spawn(process.execPath, [script, JSON.stringify(this.#task)], { stdio: ['ignore', 'pipe', 'pipe'] })
      this.#child = child
      const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
      let told = ''
      child.stderr.on('data', text => (told += String(text)))
      await this.#listen(child)
      const [code, signal] = await closed
      this.#child = null
      this.#model.ended(this.#task.name)
      if (code === 0 || this.#isEnded) return
      if (signal !== 'SIGKILL') throw new Error(`${this.#task.name} ended with ${code ?? signal}: ${told}`)
    }
  }

  async #listen({ stdout }: ChildProcess): Promise<void> {
    const begun = new Map<number, ReturnType<Model['begin']>>()
    for await (const line of createInterface(stdout!)) {
      const said = parsed(line)
      if (!said) continue // it was killed in the middle of it
      if ('begun' in said) begun.set(said.begun, this.#model.begin(this.#task.name, said.wanted as unknown as Wanted))
      else if ('done' in said) begun.get(said.done)!.done()
      else if ('failed' in said) begun.get(said.failed)!.failed()
      else {
        this.#task = { ...this.#task, from: said.next }
        this.#codes.push(said.code ?? 'done')
      }
    }
  }

  /** With -9; false where it does not run. */
  async kill(): Promise<boolean> {
    const child = this.#child
    if (!child) return false
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    return true
  }

  async end(): Promise<void> {
    this.#isEnded = true
    await this.kill()
  }

  /** How many operations of theirs ended how. */
  static sum(clients: readonly ClientProcess[]): Record<string, number> {
    const sum: Record<string, number> = {}
    for (const code of clients.flatMap(client => client.#codes)) sum[code] = (sum[code] ?? 0) + 1
    return sum
  }
}

function parsed(line: string): Said | null {
  try {
    return JSON.parse(line) as Said
  } catch {
    return null
  }
}
