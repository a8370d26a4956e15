/** What this device keeps to open the vault again: its seeds and the vault's root, under a password or a device seal. */
import {
  AlveoleError,
  decode,
  decodePasswordSlot,
  encode,
  encodePasswordSlot,
  FLOOR,
  fromHex,
  hash32,
  key32,
  openPasswordSlot,
  rootId,
  sealPasswordSlot,
  struct,
  toHex,
  type SlotContent,
} from '#crypto'
import type { Me } from './me.ts'
import type { Store } from './store.ts'
import type { DeviceSeal, Unlock } from './types.ts'

const format = struct({ sign: key32, kem: key32, root: hash32 })
const SLOT = 'device slot'
const SEALED = 'device sealed'

const contentOf = ({ seeds, identity }: Me): SlotContent => ({ ...seeds, root: rootId(identity) })

export async function keepUnderPassword(store: Store, me: Me, password: string): Promise<void> {
  await store.set(SLOT, encodePasswordSlot(await sealPasswordSlot(password, me.webId, contentOf(me), FLOOR)))
}

export const forgetPassword = (store: Store): Promise<void> => store.set(SLOT, null)

export async function keepSealed(store: Store, me: Me, seal: DeviceSeal): Promise<void> {
  const content = contentOf(me)
  await store.set(SEALED, await seal.seal(encode(format, { ...content, root: fromHex(content.root) })))
}

export const forgetSealed = (store: Store): Promise<void> => store.set(SEALED, null)

/** null where this device has no keys of its own yet, or the kit is used. */
export async function deviceKeys(store: Store, webId: string, unlock: Unlock): Promise<SlotContent | null> {
  if ('words' in unlock) return null
  if ('seal' in unlock) {
    const sealed = await store.get(SEALED)
    if (!sealed) throw new AlveoleError('wrong-unlock', 'this device does not stay unlocked')
    const { root, ...seeds } = decode(format, await unlock.seal.open(sealed))
    return { ...seeds, root: toHex(root) }
  }
  const slot = await store.get(SLOT)
  return slot && openPasswordSlot(unlock.password, webId, decodePasswordSlot(slot))
}
