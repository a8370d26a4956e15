/** Builds the web client into dist/web when anything it is made of has changed since the last build. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const root = fileURLToPath(new URL('../../', import.meta.url))
export const webFolder = join(root, 'dist/web')
const mark = join(webFolder, '.sources')

const vite = join(root, 'node_modules/vite/bin/vite.js')

const sources = ['client/web', 'client/core', 'crypto', 'vocab']

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package.json')))
  for (const folder of sources) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    for (const file of files.toSorted()) hash.update(file.slice(root.length)).update(await readFile(file))
  }
  return hash.digest('hex')
}

const lock = join(root, 'dist/.building')
/** A build takes seconds: an older lock is of a process that died. */
const STALE = 120_000

/** One build at a time, whoever asks: `mkdir` succeeds for one only. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(join(root, 'dist'), { recursive: true })
  while (
    !(await mkdir(lock).then(
      () => true,
      () => false,
    ))
  ) {
    const since = await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - since > STALE) await rm(lock, { recursive: true, force: true })
    await setTimeout(100)
  }
  return work().finally(() => rm(lock, { recursive: true, force: true }))
}

/** True when a build was needed. In a process of its own: a test runner's NODE_ENV would give React's development half. */
export const buildWeb = (): Promise<boolean> =>
  alone(async () => {
    const hash = await hashOfSources()
    const built = await readFile(mark, 'utf8').catch(() => '')
    if (built === hash) return false
    await run(process.execPath, [vite, 'build', '--config', join(root, 'client/web/vite.config.ts')], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    })
    await writeFile(mark, hash)
    return true
  })
