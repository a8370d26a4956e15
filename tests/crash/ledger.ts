/**
 * Everything that was ever sent to be stored under one vault, done, refused or cut off: no seal id for two contents (E3), no count
 * for two attempts to sign (H6), no epoch of a lost attempt in a head that stands (A29), none held by whom it is withheld from.
 */
import {
  hash,
  toBase64Url,
  toHex,
  unsafeAccountHeader,
  unsafeGroupHeader,
  unsafeHeadHeader,
  unsafeUnverified,
  commitsOf,
  type Vector,
} from '#crypto'
import type { Disk } from './disk.ts'
import type { Step, Witness } from './stage.ts'

interface Attempt {
  url: string
  body: Uint8Array
  done: boolean
}

export class Ledger {
  readonly #attempts: Attempt[] = []

  /** Begins with what stands on the server. */
  constructor(files: ReadonlyMap<string, { body: Uint8Array }>) {
    for (const [url, { body }] of files) this.#enter(url, body, true)
  }

  readonly witness: Witness = ({ line, body }: Step, done: boolean) => {
    if (line.startsWith('PUT ') && body) this.#enter(line.slice('PUT '.length), body, done)
  }

  #enter(url: string, body: Uint8Array, done: boolean): void {
    if (/\/(account|head|[A-Za-z0-9_-]{22})\.alv$/.test(url)) this.#attempts.push({ url, body, done })
  }

  /** Throws where something was used twice that never may be. */
  check(disk: Disk): void {
    const [seals, counts] = [new Once('a seal id'), new Once('a count')]
    for (const { url, body } of this.#attempts) {
      seals.take(sealIdOf(url, body), body)
      const vector = vectorOf(url, body)
      if (vector) counts.take(`${url} ${signerOf(body)} ${commitsOf(vector, unsafeUnverified(body).signer)}`, body)
    }
    this.#checkEpochs(disk)
  }

  /** An epoch that a refused attempt drew never comes back; one that somebody's key is wrapped for is not theirs afterwards. */
  #checkEpochs(disk: Disk): void {
    const drawnBy = new Map<string, Attempt>()
    for (const attempt of this.#heads()) {
      for (const { id } of disk.openHead(attempt.body).owner.epochs) {
        const first = drawnBy.get(toHex(id)) ?? attempt
        drawnBy.set(toHex(id), first)
        if (attempt.done && !first.done) throw new Error('an epoch that was thrown away came back')
      }
    }
  }

  /** The grants that were ever given the keys of the epoch in which this head's cells are written. */
  everHeld(disk: Disk, head: Uint8Array): Set<string> {
    const epoch = toHex(unsafeHeadHeader(head).epoch)
    const held = this.#heads()
      .map(({ body }) => disk.openHead(body))
      .filter(one => toHex(one.head.header.epoch) === epoch)
    return new Set(held.flatMap(({ owner }) => owner.holders.map(({ grant }) => toHex(grant))))
  }

  #heads(): Attempt[] {
    return this.#attempts.filter(({ url }) => /\/c\/[^/]+\/head\.alv$/.test(url))
  }
}

const signerOf = (body: Uint8Array): string => toHex(unsafeUnverified(body).signer)

function sealIdOf(url: string, body: Uint8Array): string {
  const header = headerOf(url, body)
  return header ? toBase64Url(header.sealId) : url.slice(url.lastIndexOf('/') + 1)
}

function headerOf(url: string, body: Uint8Array) {
  if (url.endsWith('/account.alv')) return unsafeAccountHeader(body)
  if (/\/groups\/[^/]+\/head\.alv$/.test(url)) return unsafeGroupHeader(body)
  return url.endsWith('/head.alv') ? unsafeHeadHeader(body) : null
}

function vectorOf(url: string, body: Uint8Array): Vector | null {
  const header = headerOf(url, body)
  return header && 'vector' in header ? header.vector : null
}

/** A name that stands for one content for ever. */
class Once {
  readonly #what: string
  readonly #seen = new Map<string, string>()

  constructor(what: string) {
    this.#what = what
  }

  take(name: string, body: Uint8Array): void {
    const content = toHex(hash(body))
    const known = this.#seen.get(name) ?? content
    if (known !== content) throw new Error(`${this.#what} used twice: ${name}`)
    this.#seen.set(name, content)
  }
}
