/** The tarball that `npm pack` makes, laid out as npm installs it: both programs run from an empty folder. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const checkout = join(import.meta.dirname, '../..')
const call = promisify(execFile)
let folder: string
const bin = (name: string): string => join(folder, 'node_modules', '.bin', name)

/** Installing every dependency takes minutes: they are the checkout's, beside a package that is really there. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alveole-pack-'))
  await call(process.execPath, [join(checkout, 'client/cli/bundle.ts')])
  await call('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: checkout })
  const [tarball = ''] = (await readdir(folder)).filter(name => name.endsWith('.tgz'))
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'alveole'), { recursive: true })
  await call('tar', ['xzf', join(folder, tarball), '--strip-components=1', '-C', join(modules, 'alveole')])
  for (const name of await readdir(join(checkout, 'node_modules'))) {
    if (!name.startsWith('.') && name !== 'alveole')
      await symlink(join(checkout, 'node_modules', name), join(modules, name))
  }
  await mkdir(join(modules, '.bin'))
  for (const name of ['alveole', 'alveole-pod']) await symlink(`../alveole/dist/cli/${name}.js`, bin(name))
  await symlink(process.execPath, bin('node'))
})
afterAll(() => rm(folder, { recursive: true }))

const env = () => ({
  PATH: `${join(folder, 'node_modules', '.bin')}:${process.env['PATH']}`,
  HOME: folder,
  XDG_CACHE_HOME: join(folder, 'cache'),
})
const alveole = async (...args: string[]) => (await call(bin('alveole'), args, { cwd: folder, env: env() })).stdout

test('the installed programs make a pod, a vault and a record', async () => {
  const pod = spawn(bin('alveole-pod'), ['--port', '0', '--data', join(folder, 'data')], { cwd: folder, env: env() })
  try {
    const [line] = (await once(createInterface(pod.stdout), 'line')) as [string]
    expect(line).toMatch(/^ready http:/)
    const [password, profile] = [join(folder, 'password'), join(folder, 'profile')]
    await writeFile(password, 'a password')
    const common = ['--profile', profile, '--unlock-file', password, '--json']
    const account = [
      '--server',
      line.slice('ready '.length),
      '--email',
      'a@example.org',
      '--password-file',
      password,
      '--name',
      'ann',
    ]
    expect(JSON.parse(await alveole('signup', ...account, ...common))).toMatchObject({
      kit: expect.any(Array) as unknown,
    })
    expect(JSON.parse(await alveole('import', password, ...common))).toMatchObject({ total: 1 })
    expect(JSON.parse(await alveole('list', ...common))).toHaveLength(1)
  } finally {
    pod.kill()
    await once(pod, 'exit')
  }
})

test('the package knows its version', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
  expect(await alveole('--version')).toBe(`${manifest.version}\n`)
})
