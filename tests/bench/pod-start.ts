/**
 * Start-up of `alveole-pod` against Community Solid Server as published, on this machine and in one run: from spawning
 * the process to its first answer over HTTP, on an empty folder, the two taking turns. What the very first start adds,
 * compiling the configuration, is shown apart.
 *
 *   node tests/bench/pod-start.ts [rounds]        exits 1 when the ratio of the medians is above 0.3
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compile } from '../../pod-server/compile.ts'
import { startPod } from '../../pod-server/pod.ts'

const LIMIT = 0.3
const rounds = Number(process.argv[2] ?? 5)

const css = dirname(createRequire(import.meta.url).resolve('@solid/community-server/package.json'))
const main = fileURLToPath(new URL('../../pod-server/main.ts', import.meta.url))

type Command = (port: number, data: string) => string[]
const ours: Command = (port, data) => [main, '--port', `${port}`, '--data', data]
const stock: Command = (port, data) => {
  const config = join(css, 'config', 'file.json')
  return [join(css, 'bin', 'server.js'), '-c', config, '-p', `${port}`, '-f', data, '-l', 'error']
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const withFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-bench-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const firstAnswer = async (url: string): Promise<void> => {
  while (
    !(await fetch(url).then(
      response => response.ok,
      () => false,
    ))
  ) {
    await wait(5)
  }
}

/** Milliseconds from spawn to the first answer. */
const time = (command: Command): Promise<number> =>
  withFolder(async data => {
    const port = await freePort()
    const started = performance.now()
    const child = spawn(process.execPath, command(port, data), { stdio: ['ignore', 'ignore', 'inherit'] })
    await firstAnswer(`http://localhost:${port}/.well-known/openid-configuration`)
    const taken = performance.now() - started
    child.kill()
    await once(child, 'close')
    return taken
  })

const timeInProcess = (): Promise<number> =>
  withFolder(async data => {
    const started = performance.now()
    const pod = await startPod({ port: 0, data, quiet: true })
    const taken = performance.now() - started
    await pod.stop()
    return taken
  })

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const round = (value: number): number => Math.round(value)

const before = performance.now()
await compile()
const compileMs = performance.now() - before
const times: Record<'ours' | 'stock', number[]> = { ours: [], stock: [] }
for (let turn = 0; turn < rounds; turn += 1) {
  times.ours.push(await time(ours))
  times.stock.push(await time(stock))
}
const again = [await timeInProcess()]
while (again.length < rounds) again.push(await timeInProcess())

const ratio = median(times.ours) / median(times.stock)
console.log(
  JSON.stringify({
    ratio: Number(ratio.toFixed(3)),
    limit: LIMIT,
    compileMs: round(compileMs),
    oursMs: times.ours.map(round),
    stockMs: times.stock.map(round),
    startPodMs: again.map(round),
  }),
)
process.exitCode = ratio <= LIMIT ? 0 : 1
