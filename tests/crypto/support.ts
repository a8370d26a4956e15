/** What the tests of crypto/ share: people with keys, and the one way in which bad bytes may be refused. */
import * as fc from 'fast-check'
import {
  AlveoleError,
  drawGeneration,
  drawSeeds,
  extendIdentity,
  foundIdentity,
  generationPublic,
  keyId,
  publicOf,
  rootSeeds,
  signerOf,
  type ErrorCode,
  type Generation,
  type Identity,
  type Seeds,
} from '#crypto'

export interface Person {
  webId: string
  root: Seeds
  device: Seeds
  generation: Generation
  identity: Identity
}

/** A root, one device certified by it, and the first account generation. */
export function person(name: string): Person {
  const webId = `https://${name}.example/profile/card#me`
  const root = rootSeeds(new Uint8Array(32).fill(name.length))
  const [device, generation] = [drawSeeds(), drawGeneration(1)]
  const founded = foundIdentity(webId, root, 1_700_000_000_000)
  const certified = extendIdentity(founded, signerOf(root), 1_700_000_000_001, addDevice(device))
  const kem = generationPublic(generation)
  const started = { type: 'generation', number: 1, kem } as const
  return {
    webId,
    root,
    device,
    generation,
    identity: extendIdentity(certified, signerOf(device), 1_700_000_000_002, started),
  }
}

export const addDevice = (seeds: Seeds, kind: 'device' | 'password' = 'device') =>
  ({ type: 'add-device', ...publicOf(seeds), kind, name: 'laptop' }) as const
export const removeDevice = (seeds: Seeds) => ({ type: 'remove-device', device: keyId(publicOf(seeds)) }) as const

export function codeOf(run: () => unknown): ErrorCode | 'no error' {
  try {
    run()
  } catch (error) {
    if (error instanceof AlveoleError) return error.code
    throw error // anything else is a bug of ours, never an answer to bad bytes (O5)
  }
  return 'no error'
}

/** As `codeOf`, of what takes a while. */
export async function codeLater(run: () => Promise<unknown>): Promise<ErrorCode | 'no error'> {
  const failure: unknown = await run().then(
    () => null,
    (error: unknown) => error,
  )
  return codeOf(() => {
    if (failure !== null) throw failure
  })
}

export const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = bytes.slice()
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

export const anyBytes = (length: { minLength?: number; maxLength?: number } = {}) =>
  fc.uint8Array({ maxLength: 200, ...length })
export const any32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
export const any16 = fc.uint8Array({ minLength: 16, maxLength: 16 })
