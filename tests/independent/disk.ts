/** What a host has: the data folder of the pod server, and the URLs under which it serves the files in it (SPEC §17). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { need } from './cbor.ts'

export interface Disk {
  read(url: string): Uint8Array | null
  /** URLs of what stands right in a container, without access rules. */
  list(container: string): string[]
  /** The storage that somebody's profile document names. */
  storageOf(webId: string): string
}

/** The server adds `$.ext` where a name does not end as its media type wants: a POST's, a profile's. */
const plain = (name: string): string => name.replace(/\$\.[a-z]+$/, '')

export function diskOf(folder: string, base: string): Disk {
  const pathOf = (url: string): string => {
    need(url.startsWith(base))
    return join(folder, decodeURIComponent(url.slice(base.length)))
  }
  const read = (url: string): Uint8Array | null => {
    const found = ['', '$.alv', '$.ttl'].map(ending => pathOf(url) + ending).find(path => existsSync(path))
    return found === undefined ? null : new Uint8Array(readFileSync(found))
  }
  return {
    read,
    list: container =>
      (existsSync(pathOf(container)) ? readdirSync(pathOf(container), { withFileTypes: true }) : [])
        .filter(entry => entry.isFile() && !/\.(acl|meta)$/.test(entry.name))
        .map(({ name }) => container + plain(name)),
    storageOf: webId => {
      const profile = Buffer.from(read(webId.replace(/#.*/, '')) ?? []).toString()
      const storage = /pim:storage <([^>]+)>/.exec(profile)?.[1]
      need(storage !== undefined)
      return storage
    },
  }
}
