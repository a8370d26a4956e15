/** What the static server answers, what the build weighs, and that every word comes from the catalogues. */
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseSync, Visitor } from 'vite'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { excesses, measure } from '../../client/web/budget.ts'
import { buildWeb, webFolder } from '../../client/web/build.ts'
import { serveWeb } from '../../client/web/serve.ts'

const web = join(import.meta.dirname, '../../client/web')

describe('the static server', () => {
  let open: Awaited<ReturnType<typeof serveWeb>>
  beforeAll(async () => {
    await buildWeb()
    open = await serveWeb({ folder: webFolder, port: 0, podUrl: inject('pod') })
  })
  afterAll(() => open.server.close())

  /** A request target as it is written, which `fetch` would tidy first. */
  const raw = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(open.url).port), '127.0.0.1')
      let text = ''
      socket.on('data', data => (text += data.toString()))
      socket.on('error', reject)
      socket.on('close', () => resolve(text))
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    })

  it('gives the page under a strict policy, wherever its address points within the client', async () => {
    for (const path of ['', 'vault', 'circle?of=x', 'join']) {
      const response = await fetch(`${open.url}${path}`)
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).not.toContain('unsafe-inline')
      expect(policy).toContain(new URL(inject('pod')).origin)
      const html = await response.text()
      expect(html).not.toMatch(/<script(?![^>]*integrity=)|<style|\sstyle=|\son\w+=/)
    }
  })

  it('lets the worker that draws PDF ask nothing of any pod', async () => {
    const names = await readdir(join(webFolder, 'assets'))
    const [name = ''] = names.filter(name => name.startsWith('pdf.worker-'))
    const response = await fetch(`${open.url}assets/${name}`)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'")
  })

  it('keeps hashed files for ever and nothing else', async () => {
    const html = await (await fetch(open.url)).text()
    const script = /src="\/(assets\/[^"]+)"/.exec(html)?.[1] ?? ''
    expect((await fetch(`${open.url}${script}`)).headers.get('cache-control')).toContain('immutable')
    expect((await fetch(open.url)).headers.get('cache-control')).toBe('no-cache')
    expect((await fetch(`${open.url}config.json`)).headers.get('cache-control')).toBe('no-store')
  })

  it('leaves the build by no path', async () => {
    for (const target of [
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/assets/../../../package.json',
      '/%2e%2e/%2e%2e/package.json',
      '/.sources',
      '//etc/passwd.txt',
    ]) {
      const answer = await raw(target)
      expect(answer).toMatch(/^HTTP\/1\.1 404/)
      expect(answer).not.toContain('dependencies')
    }
  })

  it('answers nothing but GET and HEAD, and 404 for doors that are not there', async () => {
    expect((await fetch(open.url, { method: 'POST' })).status).toBe(405)
    expect((await fetch(`${open.url}demo.json`)).status).toBe(404)
    expect(await (await fetch(`${open.url}config.json`)).json()).toEqual({ pod: inject('pod'), demo: false })
  })

  it('refuses a port that is taken', async () => {
    const port = Number(new URL(open.url).port)
    await expect(serveWeb({ folder: webFolder, port, podUrl: inject('pod') })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})

describe('the build', () => {
  it('keeps to its budget, with the crypto outside the first load', async () => {
    const figures = await measure()
    expect(excesses(figures)).toEqual([])
    expect(Object.keys(figures.pages).length).toBeGreaterThan(15)
    const first = await Promise.all(figures.files.map(file => readFile(join(webFolder, file), 'utf8')))
    expect(first.join('')).not.toContain('crypto_aead')
    expect(first.join('')).not.toContain('FlateDecode')
  })

  it('holds what PDF needs, and not the engine for scripts in them', async () => {
    const names = await readdir(join(webFolder, 'assets'), { recursive: true })
    const { version } = JSON.parse(await readFile(join(web, '../../node_modules/pdfjs-dist/package.json'), 'utf8')) as {
      version: string
    }
    for (const name of [
      'standard_fonts/LiberationSans-Regular.ttf',
      'cmaps/UniJIS-UTF16-H.bcmap',
      'wasm/openjpeg.wasm',
    ])
      expect(names).toContain(`pdf-${version}/${name}`)
    expect(names.filter(name => /quickjs|sandbox/.test(name))).toEqual([])
    const drawing = await Promise.all(
      names
        .filter(name => name.startsWith('pdf.worker'))
        .map(name => readFile(join(webFolder, 'assets', name), 'utf8')),
    )
    expect(drawing).toHaveLength(1)
    expect(drawing[0]).not.toMatch(/new Function\(|\beval\(/)
  })
})

describe('words', () => {
  const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'hint', 'legend', 'yes', 'doing'])

  it('come from the catalogues, never from a component', async () => {
    const files = (await readdir(web, { recursive: true })).filter(file => file.endsWith('.tsx'))
    const found: string[] = []
    for (const file of files) {
      const { program } = parseSync(file, await readFile(join(web, file), 'utf8'))
      new Visitor({
        JSXText: node => void (/\p{L}{2}/u.test(node.value) && found.push(`${file}: ${node.value.trim()}`)),
        JSXAttribute: node => {
          const name = node.name.type === 'JSXIdentifier' ? node.name.name : ''
          const value = node.value?.type === 'Literal' ? node.value.value : null
          if (spoken.has(name) && typeof value === 'string' && /\p{L}/u.test(value))
            found.push(`${file}: ${name}=${value}`)
        },
      }).visit(program)
    }
    expect(files.length).toBeGreaterThan(30)
    expect(found).toEqual([])
  })
})
