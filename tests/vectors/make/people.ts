/** Who appears in the vectors: two people with a root, a device and one account generation each. */
import {
  drawGeneration,
  drawSeeds,
  extendIdentity,
  foundIdentity,
  type Generation,
  generationPublic,
  type Identity,
  keyId,
  publicOf,
  random,
  type Seeds,
  signerOf,
  toHex,
} from '#crypto'
import { drawsFor } from './random.ts'

drawsFor('people')
export const time = 1_700_000_000_000
export const alice = 'https://alice.example/profile/card#me'
export const bob = 'https://bob.example/profile/card#me'

export interface Person {
  webId: string
  root: Seeds
  device: Seeds
  generation: Generation
  identity: Identity
}
function person(webId: string): Person {
  const [root, device, generation] = [drawSeeds(), drawSeeds(), drawGeneration(1)]
  const founded = foundIdentity(webId, root, time)
  const certified = extendIdentity(founded, signerOf(root), time + 1, {
    type: 'add-device',
    ...publicOf(device),
    kind: 'device',
    name: 'laptop',
  })
  const kem = generationPublic(generation)
  const identity = extendIdentity(certified, signerOf(device), time + 2, { type: 'generation', number: 1, kem })
  return { webId, root, device, generation, identity }
}
export const [ann, ben] = [person(alice), person(bob)]
export const devices = { [toHex(keyId(publicOf(ann.device)))]: publicOf(ann.device).sign }
export const collection = random(16)
