/**
 * What opens a device, and the kit that it keeps: its program dies at any step of changing either, and afterwards they are as they
 * were or as they are to be. The password opens it in any case.
 */
import { beforeAll, expect, test } from 'vitest'
import { openVault, type DeviceSeal, type Vault } from '#core'
import { AlveoleError } from '#crypto'
import { folder, openSeal, passwordOf, savedStore, world, type Member, type World } from '../core/world.ts'
import { moments } from './moments.ts'
import { nothingIsLeft } from './weeks.ts'

let on: World
let alice: Member

beforeAll(async () => {
  on = world()
  alice = await on.member('alice')
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: await folder(alice.vault) })
  await alice.vault.settle()
})

const turned = (bytes: Uint8Array): Uint8Array => bytes.map(byte => byte ^ 0xff)
/** What `openSeal` seals, it does not open. */
const otherSeal: DeviceSeal = { seal: async secret => turned(secret), open: async sealed => turned(sealed) }
const byPassword = (around: Member['around']): Promise<Vault> => openVault(around, { password: passwordOf('alice') })

/** What the words are for is tested elsewhere; here, whether they are all there. */
interface Device {
  seal: boolean
  otherSeal: boolean
  kit: string[] | null
}

async function opens(seal: DeviceSeal): Promise<boolean> {
  try {
    await openVault(alice.around, { seal })
    return true
  } catch (error) {
    if (error instanceof AlveoleError) return false
    throw error
  }
}

async function device(): Promise<Device> {
  const vault = await byPassword(alice.around)
  expect((await vault.verify()).problems).toEqual([])
  return { seal: await opens(openSeal), otherSeal: await opens(otherSeal), kit: await vault.recovery.kit('en') }
}

interface Change {
  before?(vault: Vault): Promise<unknown>
  act(vault: Vault): Promise<unknown>
  after: Partial<Device>
}

const changes: { [name: string]: Change } = {
  'keeping it unlocked': {
    before: vault => vault.forget(),
    act: vault => vault.keepUnlocked(openSeal),
    after: { seal: true, otherSeal: false },
  },
  'keeping it unlocked by another seal': {
    act: vault => vault.keepUnlocked(otherSeal),
    after: { seal: false, otherSeal: true },
  },
  'forgetting the seal': { act: vault => vault.forget(), after: { seal: false, otherSeal: false } },
  'testing the kit': { act: vault => vault.recovery.test(alice.kit), after: { kit: null } },
  'testing words that are not the kit’s': { act: vault => vault.recovery.test('abandon '.repeat(24)), after: {} },
  'showing the kit, in the other language': { act: vault => vault.recovery.kit('fr'), after: {} },
}

test.each(Object.keys(changes))('%s', async name => {
  const { before: prepare, act, after: change } = changes[name]!
  const back = on.save(alice.around.store)
  await prepare?.(await byPassword(alice.around))
  const before = await device()
  expect(before.kit).toEqual(alice.kit)
  const after = { ...before, ...change }
  const work = async (around: Member['around']): Promise<unknown> => act(await byPassword(around))
  const { all, ending } = await moments(on, [alice.around.store], alice.around, work)
  expect(ending.error).toBe(null)
  expect(await device()).toEqual(after)
  for (const moment of all) {
    moment.back()
    expect([before, after], `dead after ${moment.line}`).toContainEqual(await device())
    await work(alice.around)
    expect(await device(), `again, after ${moment.line}`).toEqual(after)
    moment.back()
    await nothingIsLeftBehind()
  }
  back()
})

/** Opened by its password: the seal may be gone. */
async function nothingIsLeftBehind(): Promise<void> {
  const around = { ...alice.around, store: savedStore(new Map(alice.around.store.values)) }
  await (await byPassword(around)).keepUnlocked(openSeal)
  await nothingIsLeft(on, [{ ...alice, around }])
}
