/**
 * A hostile host: the Pod port (client/core/pod.ts) with every power that a host has, over the in-memory server. `takeOver` makes
 * one of a server; from then on every pod of it answers as the host likes.
 *
 *   const host = takeOver(server)                what is stored: host.files, host.replace, host.exchange
 *   host.past · host.versions(url) · host.putBack(host.past[3]!)        every state it ever held, to be served again
 *   const { join } = host.fork('bob')            from now on bob lives in a history of his own
 *   const stop = host.attack(notModified(/head/), forgetting(/account/))        how it answers; the last one given goes first
 *   delaying(/head/, 50) · delaying(/./, () => untilThen)                       when it answers
 *
 * A power is a few calls answered otherwise, with the honest pod at hand; `attacked(pod, power)` is for one device alone.
 */
import { AlveoleError } from '#crypto'
import type { Pod, PodReply } from '../client/core/pod.ts'
import { memoryServer, type MemoryServer } from '../client/core/memory-pod.ts'
import { codeOf } from '../client/core/answer.ts'

type Files = MemoryServer['files']
export type Stored = Files extends Map<string, infer F> ? F : never
/** What a server held at one time. Bodies are never changed in place, so that keeping them all costs little. */
export type Moment = ReadonlyMap<string, Stored>
/** The calls that a host answers itself. Made anew for each request: what it remembers stands outside. */
export type Power = (honest: Pod) => Partial<Pod>
type Put = { url: string; body: Uint8Array; options?: Parameters<Pod['put']>[2] }

const WRITES = ['put', 'post', 'patch', 'delete'] as const
const METHODS = ['get', ...WRITES, 'list', 'aclOf', 'enforcesEnd', 'profile'] as const
type Method = (typeof METHODS)[number]

export class Host {
  readonly files: Files
  /** Oldest first; one for each write that anybody asked for. */
  readonly past: Moment[] = []
  readonly #honest: MemoryServer['pod']
  readonly #clock: () => number
  readonly #names = new Set<string>()
  readonly #branches = new Map<string, MemoryServer>()
  #powers: Power[] = []
  #version = 1e9

  constructor({ files, pod }: MemoryServer, clock: () => number) {
    this.files = files
    this.#honest = pod
    this.#clock = clock
  }

  pod(name: string): Pod {
    this.#names.add(name)
    const own = this.#honest(name)
    return new Proxy(own, {
      get: (_, property) => {
        const pod = this.#branches.get(name)?.pod(name) ?? this.#recorded(own)
        return Reflect.get(answering(attacked(pod, ...this.#powers), {}), property) as unknown
      },
    })
  }

  #recorded(pod: Pod): Pod {
    const recorded = WRITES.map(method => {
      const call = pod[method].bind(pod) as (...args: unknown[]) => Promise<unknown>
      return [method, (...args: unknown[]) => call(...args).finally(() => this.past.push(new Map(this.files)))]
    })
    return answering(pod, Object.fromEntries(recorded) as Partial<Pod>)
  }

  /** From now on; what it gives ends it. */
  attack(...powers: Power[]): () => void {
    this.#powers.push(...powers)
    return () => void (this.#powers = this.#powers.filter(power => !powers.includes(power)))
  }

  /** Other bytes in a file's place, under a new ETag, whoever may write it. */
  replace(url: string, body: Uint8Array): void {
    const type = this.files.get(url)?.type ?? 'application/vnd.alveole'
    this.files.set(url, { type, body: Uint8Array.from(body), version: ++this.#version })
  }

  /** Each in the other's place. */
  exchange(a: string, b: string): void {
    const [one, other] = [this.files.get(a)!, this.files.get(b)!]
    this.replace(a, other.body)
    this.replace(b, one.body)
  }

  /** Each content that stood there, oldest first. */
  versions(url: string): Stored[] {
    const all = [...this.past, this.files].map(moment => moment.get(url)).filter(found => found !== undefined)
    return [...new Map(all.map(found => [found.version, found])).values()]
  }

  putBack(moment: Moment): void {
    const kept = new Map(moment)
    this.files.clear()
    for (const [url, stored] of kept) this.files.set(url, stored)
  }

  /**
   * Another history from here on, for these people; or for one device, by a pod of the branch. `join` serves them what the
   * others have.
   */
  fork(...names: string[]): { pod(name: string): Pod; join(): void } {
    const branch = memoryServer(this.#clock)
    for (const [url, stored] of this.files) branch.files.set(url, stored)
    for (const name of this.#names) branch.pod(name) // their profiles
    for (const name of names) this.#branches.set(name, branch)
    return { pod: name => branch.pod(name), join: () => names.forEach(name => this.#branches.delete(name)) }
  }
}

/** Every pod that the server gives from now on is the hostile host's. */
export function takeOver(server: MemoryServer, clock: () => number): Host {
  const host = new Host({ ...server }, clock)
  server.pod = name => host.pod(name)
  return host
}

export const attacked = (pod: Pod, ...powers: Power[]): Pod =>
  powers.reduce((honest, power) => answering(honest, power(honest)), pod)

/** The pod, with some calls answered otherwise. */
export const answering = (pod: Pod, otherwise: Partial<Pod>): Pod =>
  new Proxy(pod, {
    get(target, property) {
      const value: unknown = Reflect.get(property in otherwise ? otherwise : target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

/** As `solid-pod.ts` says a status; 0: no answer. */
export const refusal = (status: number): AlveoleError =>
  new AlveoleError(status ? codeOf(status) : 'offline', `HTTP ${status}`, { detail: { status } })

/** GETs get what `change` makes of the answer, null where there is none: other, cut or longer bytes, another ETag or type. */
export const serving =
  (match: RegExp, change: (reply: PodReply | null, url: string) => PodReply | null | Promise<PodReply | null>): Power =>
  honest => ({
    get: async (url, options) => (match.test(url) ? change(await honest.get(url), url) : honest.get(url, options)),
  })

export const substituting = (match: RegExp, change: (body: Uint8Array<ArrayBuffer>) => Uint8Array): Power =>
  serving(match, reply => reply && { ...reply, etag: '"other"', body: Uint8Array.from(change(reply.body)) })

export const withholding = (match: RegExp): Power => serving(match, () => null)

/** “Not modified”, asked or not. */
export const notModified = (match: RegExp): Power =>
  serving(match, reply => ({ status: 304, etag: reply?.etag ?? null, type: '', body: new Uint8Array() }))

/** PUTs, as the host likes. */
export const putting =
  (match: RegExp, answer: (put: Put, honest: Pod) => ReturnType<Pod['put']>): Power =>
  honest => ({
    put: async (url, body, options) =>
      match.test(url) ? answer({ url, body, ...(options && { options }) }, honest) : honest.put(url, body, options),
  })

/** Onto whatever is there: If-Match and If-None-Match are passed over. */
export const acceptingStale = (match: RegExp): Power =>
  putting(match, ({ url, body, options }, honest) => honest.put(url, body, { type: options?.type ?? '' }))

export const conflicting = (match: RegExp): Power => putting(match, () => Promise.reject(refusal(412)))

export const conflictingAfter = (match: RegExp): Power =>
  putting(match, async ({ url, body, options }, honest) => {
    await honest.put(url, body, options)
    throw refusal(412)
  })

/** “Stored”, and it is not. */
export const forgetting = (match: RegExp): Power => putting(match, async () => ({ etag: '"never written"' }))

/** Runs `work` before each such request: to change what is there, to throw, to wait, to take note. */
export const before =
  (method: Method, match: RegExp, work: (url: string) => unknown): Power =>
  honest => {
    const call = (honest[method] as (...args: unknown[]) => Promise<unknown>).bind(honest)
    const first = async (...args: unknown[]): Promise<unknown> => {
      if (match.test(String(args[0]))) await work(String(args[0]))
      return call(...args)
    }
    return { [method]: first }
  }

type Call = { method: Method; args: readonly unknown[] }

/** Any request, as `answer` likes, who can ask the honest pod. */
const answeringAny =
  (answer: (call: Call, honest: () => Promise<unknown>) => Promise<unknown>): Power =>
  honest => {
    const calls = METHODS.map(method => {
      const call = (honest[method] as (...args: unknown[]) => Promise<unknown>).bind(honest)
      return [method, async (...args: unknown[]) => answer({ method, args }, () => call(...args))]
    })
    return Object.fromEntries(calls) as Partial<Pod>
  }

/** Before any request at all. */
export const watching = (note: (method: Method, args: readonly unknown[]) => unknown): Power =>
  answeringAny(({ method, args }, honest) => (note(method, args), honest()))

type Late = number | Promise<unknown>

/**
 * What is asked is done at once and answered late: after so many milliseconds, or when what `late` gives has come about. It is
 * asked anew for each request, so that a later one may be answered first.
 */
export const delaying = (match: RegExp, late: Late | ((url: string, method: Method) => Late)): Power =>
  answeringAny(async ({ method, args: [url] }, honest) => {
    if (!match.test(String(url))) return honest()
    const until = typeof late === 'function' ? late(String(url), method) : late
    try {
      return await honest()
    } finally {
      await (typeof until === 'number' ? new Promise(done => setTimeout(done, until)) : until)
    }
  })

/** For `before`: the first time only. */
export function once<A extends unknown[]>(work: (...args: A) => unknown): (...args: A) => unknown {
  let done = false
  return (...args) => {
    if (done) return undefined
    done = true
    return work(...args)
  }
}
