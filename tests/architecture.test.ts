/** The arrow `vocab ← crypto ← client/core ← client/web, cli, agent`, and what stands where (architecture, Folders). */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const entries: { [alias: string]: string } = {
  '#vocab': 'vocab/index.ts',
  '#crypto': 'crypto/index.ts',
  '#core': 'client/core/index.ts',
}

/** Which rooms each room may take from, besides itself. */
const allowed: { [room: string]: string[] } = {
  vocab: [],
  crypto: ['vocab'],
  'client/core': ['vocab', 'crypto'],
  'client/node': ['vocab', 'crypto', 'client/core'],
  'client/web': ['vocab', 'crypto', 'client/core', 'client/demo'], // only what a door of the demonstration looks like
  'client/agent': ['vocab', 'crypto', 'client/core', 'client/node'],
  'client/cli': ['vocab', 'crypto', 'client/core', 'client/node', 'client/agent'],
  'client/demo': ['vocab', 'crypto', 'client/core', 'client/node'],
  client: ['client/core', 'client/node', 'client/web', 'client/demo', 'crypto'], // client/start.ts, which starts them all
  'pod-server': ['vocab', 'crypto'],
}

const walk = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })

const files = ['vocab', 'crypto', 'client', 'pod-server'].flatMap(walk)
const rooms = Object.keys(allowed).sort((a, b) => b.length - a.length)
const roomOf = (file: string): string => rooms.find(room => file.startsWith(`${room}/`)) ?? '?'

function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name!)
}

const target = (file: string, name: string): string | null => {
  if (name.startsWith('#')) return entries[name] ?? null
  return name.startsWith('.') ? relative(root, resolve(root, dirname(file), name.replace(/\?.*$/, ''))) : null
}

describe('the arrow', () => {
  test.each(files)('%s', file => {
    const room = roomOf(file)
    for (const name of importsOf(file)) {
      const to = target(file, name)
      if (!to || roomOf(to) === room) continue
      expect(allowed[room], `${file} imports ${name}`).toContain(roomOf(to))
    }
  })
})

const importing = (pattern: RegExp): string[] => files.filter(file => importsOf(file).some(name => pattern.test(name)))

test('libsodium is imported in one place, and its larger build in another', () => {
  expect(importing(/^libsodium-wrappers$/)).toEqual(['crypto/primitives.ts'])
  expect(importing(/^libsodium-wrappers-sumo$/)).toEqual(['crypto/password.ts'])
})

test('@inrupt/solid-client is imported in one place', () => {
  expect(importing(/^@inrupt\/solid-client$/)).toEqual(['client/core/profile.ts'])
})

test('the core knows neither Node nor React', () => {
  const core = files.filter(file => /^(client\/core|crypto|vocab)\//.test(file) && !file.endsWith('vocab/generate.ts'))
  for (const file of core) for (const name of importsOf(file)) expect(name, file).not.toMatch(/^(node:|react)/)
})

test('IRIs are spelled in vocab/ alone', () => {
  const iri = /['"`]https?:\/\/(www\.w3\.org|schema\.org|w3id\.org|xmlns\.com|hl7\.org)/
  const elsewhere = files.filter(file => !file.startsWith('vocab/') && iri.test(readFileSync(join(root, file), 'utf8')))
  expect(elsewhere).toEqual([])
})
