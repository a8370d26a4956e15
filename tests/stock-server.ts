/** Community Solid Server as published, with its own `config/file.json`, in a process of its own: what ours is held against. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const css = dirname(createRequire(import.meta.url).resolve('@solid/community-server/package.json'))

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export const startStock = async () => {
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'alveole-stock-'))]
  const args = ['-c', join(css, 'config', 'file.json'), '-p', `${port}`, '-f', folder, '-l', 'error']
  const child = spawn(process.execPath, [join(css, 'bin', 'server.js'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: '' },
  })
  const closed = once(child, 'close')
  const url = `http://localhost:${port}/`
  const answers = () =>
    fetch(`${url}.well-known/openid-configuration`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error('the stock server did not start')
    await wait(50)
  }
  const stop = async (): Promise<void> => {
    child.kill()
    await closed
    await rm(folder, { recursive: true, force: true })
  }
  return { url, pid: child.pid ?? 0, folder, stop }
}
