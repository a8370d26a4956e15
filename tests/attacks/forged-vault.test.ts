/** [P4] A host that builds a whole vault around the public keys of whoever enters on a new machine is refused. */
import { expect, test } from 'vitest'
import { createVault, memoryStore, openVault } from '#core'
import {
  advance,
  drawGeneration,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  FLOOR,
  foundIdentity,
  generationPublic,
  openIdentity,
  publicOf,
  sealAccount,
  signerOf,
  unsafeAccountHeader,
  wrapGenerations,
  type Identity,
} from '#crypto'
import { emptyState, encodeState } from '../../client/core/account-state.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'

const setup = async () => {
  const server = memoryServer()
  const pod = server.pod('alice')
  const { vault, kit } = await createVault(
    { pod, store: memoryStore() },
    { password: 'a password', passwordCost: FLOOR },
  )
  await vault.lock()
  const [identityUrl, accountUrl] = ['identity', 'account'].map(name => `${pod.storage}alveole/${name}.alv`) as [
    string,
    string,
  ]
  const write = (url: string, body: Uint8Array) =>
    server.files.set(url, { ...server.files.get(url)!, body: Uint8Array.from(body), version: 1e9 })
  const real = openIdentity(server.files.get(identityUrl)!.body)
  const slots = unsafeAccountHeader(server.files.get(accountUrl)!.body).slots
  return { pod, kit, write, identityUrl, accountUrl, real, slots }
}

/** The host's own root, device and generation, around public keys that it read from the real log. */
function forge(real: Identity, around: Identity['devices'][number] | Identity['root']) {
  const [root, device, generation] = [drawSeeds(), drawSeeds(), drawGeneration(1)]
  let identity = foundIdentity(real.webId, root, 1)
  const add = (keys: { sign: Uint8Array; kem: Uint8Array }) =>
    extendIdentity(identity, signerOf(root), 1, {
      type: 'add-device',
      sign: keys.sign,
      kem: keys.kem,
      kind: 'device',
      name: 'forged',
    })
  identity = add(publicOf(device))
  identity = add(around)
  identity = extendIdentity(identity, signerOf(root), 1, {
    type: 'generation',
    number: 1,
    kem: generationPublic(generation),
  })
  const wraps = wrapGenerations(real.webId, [generation], [publicOf(device), around])
  return { identity, device, generation, wraps }
}

test.each(['password', 'words'] as const)('[P4] by %s', async way => {
  const { pod, kit, write, identityUrl, accountUrl, real, slots } = await setup()
  const around = way === 'password' ? real.devices.find(({ kind }) => kind === 'password')! : real.root
  const { identity, device, generation, wraps } = forge(real, around)
  const header = {
    version: 1 as const,
    type: 'account' as const,
    owner: real.webId,
    vector: advance([], signerOf(device).id, 1, new Uint8Array(32)),
    identityHead: identity.entries.at(-1)!,
    slots,
    ...wraps,
  }
  write(identityUrl, encodeIdentity(identity))
  write(accountUrl, sealAccount(header, encodeState(emptyState()), generation, signerOf(device)))
  const unlock = way === 'password' ? { password: 'a password' } : { words: kit, password: 'another' }
  await expect(openVault({ pod, store: memoryStore() }, unlock)).rejects.toMatchObject({ code: 'identity-changed' })
})
