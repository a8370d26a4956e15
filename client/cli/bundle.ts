/**
 * Builds `dist/cli/`: what the package installs as `alveole` and `alveole-pod`. Node does not strip types under
 * node_modules, so our own code is bundled to JavaScript; the npm dependencies stay what they are. Each bin is a few
 * lines that run on any Node and start the program on Node 24 (launch.js). Run by `npm ci` in a checkout and
 * by `npm pack`.
 */
import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '../..')
const out = join(root, 'dist/cli')
const programs = { alveole: 'client/cli/main.ts', 'alveole-pod': 'pod-server/main.ts' }

const isOurs = (id: string): boolean => /^[./#]/.test(id) || /^[a-z]:\\/i.test(id)

await rm(out, { recursive: true, force: true })
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(Object.entries(programs).map(([name, entry]) => [`${name}.main`, join(root, entry)])),
  platform: 'node',
  external: id => !isOurs(id),
})
// One flat folder: the server finds its template beside the module that asks for it
await bundle.write({ dir: out, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' })
await bundle.close()

await cp(join(root, 'pod-server/template'), join(out, 'template'), { recursive: true })
await copyFile(join(import.meta.dirname, 'launch.js'), join(out, 'launch.js'))
for (const name of Object.keys(programs)) {
  const bin = join(out, `${name}.js`)
  await writeFile(bin, `#!/usr/bin/env node\nimport { launch } from './launch.js'\nawait launch('./${name}.main.js')\n`)
  await chmod(bin, 0o755)
}

/** In a checkout nothing links a package's own programs, so that `npx alveole` would not find them. */
async function link(name: string): Promise<void> {
  const place = join(root, 'node_modules/.bin', name)
  await rm(place, { force: true })
  await symlink(join('../../dist/cli', `${name}.js`), place)
}
if (existsSync(join(root, 'node_modules/.bin')) && process.platform !== 'win32')
  await Promise.all(Object.keys(programs).map(link))
