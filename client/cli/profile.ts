/**
 * A profile: the folder of one member on this machine. `session.json` says which pod and how this program signs in there;
 * `device/` is the core's store (keys sealed under the unlock password, high-water marks, writes that wait) and its copies of what
 * the pod stores, sealed as they came: what was read once is there without a request, and without a network.
 */
import { readFile } from 'node:fs/promises'
import { homedir, platform } from 'node:os'
import { join, resolve } from 'node:path'
import type { ObjectStore, Store } from '#core'
import type { ServerCredentials } from '../core/server-account.ts'
import { deviceStore } from '../node/device-store.ts'
import { unlessAbsent, writeDurably } from '../node/durable-file.ts'
import { lockFolder } from '../node/lock.ts'
import { sqliteObjects } from '../node/object-store.ts'
import { usage } from './told.ts'

export type Session = ServerCredentials & { server: string; email: string }

export interface Profile {
  folder: string
  session(): Promise<Session | null>
  /** Durable when it resolves, and readable by its owner only. */
  save(session: Session): Promise<void>
  store(): Store
  /** Sealed copies of what the pod stores. */
  objects(): ObjectStore
  lock(options: { onWait?: () => void; signal?: AbortSignal }): Promise<() => void>
}

export function profileAt(folder: string): Profile {
  const file = join(folder, 'session.json')
  return {
    folder,
    session: async () => {
      const text = await unlessAbsent(readFile(file, 'utf8'))
      return text === null ? null : parse(text, file)
    },
    save: session => writeDurably(file, `${JSON.stringify(session, null, 2)}\n`),
    store: () => deviceStore(join(folder, 'device')),
    objects: () => sqliteObjects(join(folder, 'device')),
    lock: options => lockFolder(folder, options),
  }
}

const FIELDS = ['webId', 'pod', 'oidcIssuer', 'clientId', 'clientSecret', 'server', 'email'] as const

function parse(text: string, file: string): Session {
  try {
    const value = JSON.parse(text) as Session
    if (FIELDS.every(field => typeof value[field] === 'string')) return value
  } catch {
    // said below
  }
  throw usage(`Le profil est abîmé : ${file}.`, `The profile is damaged: ${file}.`)
}

/** The folder where programs keep what is the user's: `--profile` or the system's own place for it. */
export function profileFolder(given: string | undefined, env: NodeJS.ProcessEnv): string {
  if (given !== undefined) return resolve(given)
  if (env['XDG_CONFIG_HOME']) return join(env['XDG_CONFIG_HOME'], 'alveole')
  if (platform() === 'win32' && env['APPDATA']) return join(env['APPDATA'], 'alveole')
  return join(homedir(), '.config', 'alveole')
}
