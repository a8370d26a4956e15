/**
 * The Pod port in memory: a small Solid server of one process, with access rules, end dates and atomic conditions, for tests
 * and for trying things out. It passes the same acceptance suite as the real one.
 */
import { Parser, type Quad } from 'n3'
import { AlveoleError } from '#crypto'
import { vcard } from '#vocab'
import { readAcl, type Mode, type Rule } from './acl.ts'
import type { Pod, PodReply, Profile } from './pod.ts'

interface Stored {
  body: Uint8Array<ArrayBuffer>
  type: string
  version: number
}

export interface MemoryServer {
  /** A person's storage and WebID, made on first use. */
  pod(name: string): Pod
  /** Somebody who is not signed in. */
  visitor(): Pod
  /** Everything stored, by URL: what a host and a thief of its disk have. */
  readonly files: Map<string, Stored>
}

const BASE = 'https://memory.example/'

export function memoryServer(clock: () => number = Date.now): MemoryServer {
  const files = new Map<string, Stored>()
  const people = new Set<string>()
  return {
    files,
    pod: name => {
      people.add(name)
      return new MemoryPod(name, files, people, clock)
    },
    visitor: () => new MemoryPod(null, files, people, clock),
  }
}

class MemoryPod implements Pod {
  readonly webId: string
  readonly storage: string
  readonly #signedIn: boolean
  readonly #files: Map<string, Stored>
  readonly #people: Set<string>
  readonly #clock: () => number

  constructor(name: string | null, files: Map<string, Stored>, people: Set<string>, clock: () => number) {
    this.storage = `${BASE}${name ?? 'nobody'}/`
    this.#signedIn = name !== null
    this.webId = `${this.storage}profile/card#me`
    this.#files = files
    this.#people = people
    this.#clock = clock
  }

  async get(url: string, { ifNoneMatch }: { ifNoneMatch?: string } = {}): Promise<PodReply | null> {
    this.#require(url, url.endsWith('.acl') ? 'Control' : 'Read')
    const stored = this.#files.get(url)
    if (!stored) return null
    const etag = etagOf(stored)
    if (etag === ifNoneMatch) return { status: 304, etag, type: stored.type, body: new Uint8Array() }
    return { status: 200, etag, type: stored.type, body: stored.body.slice() }
  }

  async put(url: string, body: Uint8Array, options: Parameters<Pod['put']>[2] = {}): Promise<{ etag: string }> {
    this.#require(url, url.endsWith('.acl') ? 'Control' : 'Write')
    const { ifMatch, ifNoneMatch, type = 'application/octet-stream' } = options
    const old = this.#files.get(url)
    if ((ifNoneMatch && old) || (ifMatch && (!old || etagOf(old) !== ifMatch)))
      throw new AlveoleError('conflict', 'HTTP 412')
    return { etag: this.#write(url, body, type) }
  }

  #write(url: string, body: Uint8Array, type: string): string {
    const stored = { body: Uint8Array.from(body), type, version: ++versions }
    this.#files.set(url, stored)
    return etagOf(stored)
  }

  async post(
    container: string,
    body: Uint8Array,
    { type = 'application/octet-stream' }: { type?: string } = {},
  ): Promise<string> {
    this.#require(container, 'Append')
    const url = `${container}${crypto.randomUUID()}`
    this.#write(url, body, type)
    return url
  }

  async patch(url: string, n3: string): Promise<void> {
    this.#require(url, 'Write')
    const stored = this.#files.get(url)
    if (!stored) throw new AlveoleError('conflict', 'HTTP 409')
    const [, verb, triple] = n3.match(/(inserts|deletes)> \{ (.*) \}\.$/) ?? []
    const lines = new TextDecoder().decode(stored.body)
    const kept = new Parser({ baseIRI: url })
      .parse(lines)
      .map(write)
      .filter(line => verb === 'inserts' || line !== triple)
    const next = verb === 'inserts' && triple ? [...kept, triple] : kept
    this.#write(url, new TextEncoder().encode(next.join('\n')), stored.type)
  }

  async delete(url: string): Promise<void> {
    this.#require(url, 'Write')
    this.#files.delete(url)
  }

  async list(container: string): Promise<string[] | null> {
    this.#require(container, 'Read')
    const inside = [...this.#files.keys()].filter(
      url => url.startsWith(container) && url !== container && !url.endsWith('.acl'),
    )
    const children = new Set(inside.map(url => container + url.slice(container.length).replace(/\/.*$/, '/')))
    const exists = children.size > 0 || this.#files.has(`${container}.acl`)
    return exists ? [...children] : null
  }

  aclOf = async (url: string): Promise<string> => `${url}.acl`
  enforcesEnd = async (): Promise<boolean> => true

  async profile(webId: string): Promise<Profile | null> {
    const [, name] = webId.match(/^https:\/\/memory\.example\/([^/]+)\/profile\/card#me$/) ?? []
    return name && this.#people.has(name) ? { name, storage: `${BASE}${name}/` } : null
  }

  #require(url: string, mode: Mode): void {
    const target = url.replace(/\.acl$/, '')
    const allowed = this.#rules(target).some(rule => this.#applies(rule, mode))
    if (allowed) return
    const [code, status] = this.#signedIn ? (['not-granted', 403] as const) : (['unauthorized', 401] as const)
    throw new AlveoleError(code, `HTTP ${status}`, { detail: { status } })
  }

  /** The nearest list holds, alone; a storage without one is its owner's. */
  #rules(target: string): Rule[] {
    for (let at: string = target; at.length >= BASE.length; at = at.replace(/[^/]*\/?$/, '')) {
      const list = this.#files.get(`${at}.acl`)
      if (list) return rulesIn(at, list).filter(({ on }) => on.includes(at === target ? 'self' : 'children'))
    }
    const owner = target.startsWith(this.storage)
    return owner ? [{ agents: [this.webId], modes: ['Read', 'Write', 'Control'], on: ['children'] }] : []
  }

  #applies(rule: Rule, mode: Mode): boolean {
    const now = this.#clock()
    if (now >= (rule.until ?? Infinity) || now < (rule.from ?? -Infinity)) return false
    const modes = rule.modes.includes('Write') ? [...rule.modes, 'Append'] : rule.modes
    return modes.includes(mode) && this.#isMeant(rule)
  }

  #isMeant({ public: open, agents, groups }: Rule): boolean {
    if (open === 'all' || !this.#signedIn) return open === 'all'
    if (open === 'authenticated' || agents?.includes(this.webId)) return true
    return groups?.some(group => this.#isMember(group)) ?? false
  }

  #isMember(group: string): boolean {
    const document = this.#files.get(group.replace(/#.*$/, ''))
    return quadsIn(group, document?.body ?? new Uint8Array()).some(
      ({ subject, predicate, object }) =>
        subject.value === group && predicate.value === vcard.hasMember && object.value === this.webId,
    )
  }
}

/** What a stored list says: it is read at each request, and parsed once. */
const parsed = new WeakMap<Stored, Rule[]>()

function rulesIn(at: string, list: Stored): Rule[] {
  const rules = parsed.get(list) ?? readAcl(at, list.body)
  parsed.set(list, rules)
  return rules
}

/** None of what is not Turtle: such a document lists nobody. */
function quadsIn(base: string, turtle: Uint8Array): Quad[] {
  try {
    return new Parser({ baseIRI: base }).parse(new TextDecoder().decode(turtle))
  } catch {
    return []
  }
}

let versions = 0
const etagOf = ({ version }: Stored): string => `"${version}"`
const write = ({ subject, predicate, object }: Quad): string =>
  `<${subject.value}> <${predicate.value}> <${object.value}>.`
