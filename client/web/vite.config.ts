/**
 * The build of the web client: module scripts only, nothing inlined, so that it runs under a policy without
 * 'unsafe-inline'. Entry script and style get their hash into the page (Subresource Integrity).
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))
export const outDir = fileURLToPath(new URL('../../dist/web/', import.meta.url))

const integrity: Plugin = {
  name: 'integrity',
  apply: 'build',
  async closeBundle() {
    const page = join(outDir, 'index.html')
    const html = await readFile(page, 'utf8')
    const tags = [...html.matchAll(/<(?:script|link)[^>]*? (?:src|href)="(\/assets\/[^"]+)"/g)]
    const hashes = await Promise.all(
      tags.map(async ([tag, path]) => {
        const hash = createHash('sha384')
          .update(await readFile(join(outDir, String(path))))
          .digest('base64')
        return [tag, `${tag} integrity="sha384-${hash}"`] as const
      }),
    )
    await writeFile(
      page,
      hashes.reduce((text, [tag, marked]) => text.replace(tag, marked), html),
    )
  },
}

/**
 * What pdf.js fetches where a PDF needs it, under its version: fonts, character maps and decoders, and not the engine for scripts
 * in a PDF, which are never run.
 */
const pdfFiles: Plugin = {
  name: 'pdf-files',
  apply: 'build',
  async generateBundle() {
    const from = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
    const { version } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8')) as { version: string }
    for (const folder of ['standard_fonts', 'cmaps', 'wasm']) {
      const names = (await readdir(join(from, folder))).filter(name => !name.startsWith('quickjs'))
      for (const name of names) {
        const source = await readFile(join(from, folder, name))
        this.emitFile({ type: 'asset', fileName: `assets/pdf-${version}/${folder}/${name}`, source })
      }
    }
  },
}

export default defineConfig({
  root,
  plugins: [integrity, pdfFiles],
  worker: { format: 'es' },
  logLevel: 'warn',
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    rolldownOptions: {
      input: { index: join(root, 'index.html'), media: join(root, 'media/media.sw.ts') },
      // The service worker's scope is the folder that it stands in, and its address must stay the same.
      output: { entryFileNames: ({ name }) => (name === 'media' ? 'media.js' : 'assets/[name]-[hash].js') },
    },
    chunkSizeWarningLimit: 2000,
  },
})
