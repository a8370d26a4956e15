/** A device that has been in the vault before opens it without a network, and reads what it had. */
import { describe, expect, test } from 'vitest'
import { openVault, type Vault } from '#core'
import { AlveoleError } from '#crypto'
import { memoryObjects } from '../../client/core/object-store.ts'
import { answering } from '../hostile-pod.ts'
import { deviceOf } from './line.ts'
import { folder, notes, openSeal, passwordOf, secondDevice, world } from './world.ts'

const put = async (vault: Vault, note: string) =>
  vault.records.put('Immunization', { note }, { collection: await folder(vault) })

/** One who has two notes, and a device that has seen them. */
async function alices() {
  const around = world()
  const alice = await around.member('alice')
  const device = deviceOf(alice)
  const vault = await device.open()
  await put(vault, 'one')
  await put(vault, 'x'.repeat(40_000)) // makes a segment
  await vault.settle()
  return { around, alice, device, vault }
}

describe('without a network', () => {
  test('a device that was in the vault opens it, and reads all it had', async () => {
    const { device } = await alices()
    device.pod.cut = true
    const vault = await device.open()
    expect(await notes(vault)).toEqual(['one', 'x'.repeat(40_000)])
    expect((await vault.collections.list()).map(({ name }) => name)).toEqual(['Health'])
    await vault.lock()
  })

  test('by password too', async () => {
    const { alice, device } = await alices()
    device.pod.cut = true
    const around = { ...alice.around, pod: device.pod, objects: device.objects }
    expect(await notes(await openVault(around, { password: passwordOf('alice') }))).toContain('one')
    await expect(openVault(around, { password: 'another' })).rejects.toMatchObject({ code: 'wrong-unlock' })
  })

  test('an open vault goes on reading, for hours', async () => {
    const { around, device, vault } = await alices()
    device.pod.cut = true
    for (let hour = 0; hour < 3; hour++) {
      around.pass(3600_000)
      expect(await notes(vault)).toContain('one')
    }
  })

  test('it reads what it had where the account cites something newer that it never saw', async () => {
    const { alice, device } = await alices()
    const other = await secondDevice(alice)
    await put(other.vault, 'theirs')
    await other.vault.settle()
    await device.open() // the account alone
    device.pod.cut = true
    expect(await notes(await device.open())).not.toContain('theirs')
  })

  test('and shows the rest once the network is back', async () => {
    const { around, alice, device } = await alices()
    device.pod.cut = true
    const vault = await device.open()
    await notes(vault)
    const other = await secondDevice(alice)
    await put(other.vault, 'theirs')
    device.pod.cut = false
    around.pass(60_000)
    expect(await notes(vault)).toContain('theirs')
  })

  test('a device that keeps nothing, or is new, does not open', async () => {
    const { alice, device } = await alices()
    device.pod.cut = true
    const open = openVault({ ...alice.around, pod: device.pod, objects: memoryObjects() }, { seal: openSeal })
    await expect(open).rejects.toMatchObject({ code: 'offline' })
  })

  test('an account kept before a newer one was seen does not open: it would show what was taken back', async () => {
    const { alice, device } = await alices()
    const url = `${alice.around.pod.storage}alveole/account.alv`
    const older = (await device.objects.get(url))!
    await (await device.open()).collections.create('Another')
    await device.objects.put(url, older)
    device.pod.cut = true
    await expect(device.open()).rejects.toMatchObject({ code: 'offline' })
  })

  test('a server that does not answer for a minute does no more harm than none', async () => {
    const { alice, device } = await alices()
    const busy = answering(alice.around.pod, { get: async () => Promise.reject(new AlveoleError('busy')) })
    const vault = await openVault({ ...alice.around, pod: busy, objects: device.objects }, { seal: openSeal })
    expect(await notes(vault)).toContain('one')
  })
})
