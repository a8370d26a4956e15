/** What commands show of a vault as only this process can have it: changes that wait, progress of work that takes seconds. */
import { expect, test } from 'vitest'
import type { Vault } from '#core'
import { AlveoleError } from '#crypto'
import type { Localised } from '#vocab'
import type { Command, Context } from '../../client/cli/command.ts'
import { deviceList } from '../../client/cli/commands/device.ts'
import { list } from '../../client/cli/commands/list.ts'
import { revoke } from '../../client/cli/commands/revoke.ts'
import { identityUrl } from '../../client/core/paths.ts'
import { deviceOf } from '../core/line.ts'
import { folder, grantTo, reopen, secondDevice, world } from '../core/world.ts'
import { answering } from '../crash/answering.ts'

async function run({ run: work }: Command, vault: Vault, given: Partial<Context> = {}) {
  const shown: [Localised, number | null][] = []
  const context = {
    arguments: [],
    options: {},
    language: 'en',
    signal: new AbortController().signal,
    progress: { show: (...how: [Localised, number | null]) => void shown.push(how), end: () => undefined },
    vault: { open: async () => vault },
    ...given,
  } as unknown as Context
  const result = await work(context)
  return { shown, text: result!.text(), json: result!.json }
}

test('list marks what is not sent yet, in both languages', async () => {
  const device = deviceOf(await world().member('alice'))
  const vault = await device.open()
  const collection = await folder(vault)
  await vault.records.put('Condition', { text: 'sent' }, { collection })
  device.pod.cut = true
  await vault.records.put('Condition', { text: 'waits' }, { collection })
  const { text, json } = await run(list, vault)
  expect(text).toMatch(/waits \(not sent yet\)/)
  expect(text).not.toMatch(/sent \(/)
  expect((json as { label: string; pending?: true }[]).filter(row => row.pending).map(row => row.label)).toEqual([
    'waits',
  ])
  expect((await run(list, vault, { language: 'fr' })).text).toMatch(/waits \(pas encore envoyé\)/)
})

test('revoke --rewrap shows how far it is', async () => {
  const around = world()
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const many = Array.from({ length: 1500 }, (_, n) => ({ kind: 'Immunization', value: { note: `${n}`.repeat(100) } }))
  await alice.vault.records.putAll(many, await folder(alice.vault))
  const { grant } = await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
  around.pass(1000)
  const { shown } = await run(revoke, alice.vault, { arguments: [grant], options: { rewrap: true } })
  expect(shown.length).toBeGreaterThan(1)
  expect(shown.at(-1)).toEqual([{ fr: 'Données chiffrées à nouveau', en: 'Sealing records anew' }, 1])
})

test('device list says of which one the removal is not finished, in both languages', async () => {
  const alice = await world().member('alice')
  await secondDevice(alice)
  const { pod } = alice.around
  const put: typeof pod.put = async (url, ...rest) => {
    if (url === identityUrl(pod.storage)) throw new AlveoleError('offline')
    return pod.put(url, ...rest)
  }
  const vault = await reopen(alice, answering(pod, { put }))
  expect((await run(deviceList, vault)).text).not.toMatch(/being removed/)
  const { id } = (await vault.devices.list()).at(-1)!
  await expect(vault.devices.remove(id)).rejects.toMatchObject({ code: 'offline' })
  expect((await run(deviceList, vault)).text).toMatch(/second device +being removed/)
  expect((await run(deviceList, vault, { language: 'fr' })).text).toMatch(/second device +retrait en cours/)
})
