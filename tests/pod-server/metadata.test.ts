/** What a container says about itself outlives many new files at once: CSS writes it again with each, under no lock. */
import { expect, inject, test } from 'vitest'
import { pim } from '#vocab'
import { newAccount } from '../accounts.ts'

test('new files at once are all stored, and the pod stays a storage', async () => {
  const { pod, fetch } = await newAccount(inject('pod'), 'metadata')
  const put = async (name: string): Promise<number> =>
    (await fetch(pod + name, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: name })).status
  for (let round = 0; round < 20; round++) {
    const names = Array.from({ length: 8 }, (_, i) => `${round}-${i}`)
    expect(await Promise.all(names.map(put))).toEqual(names.map(() => 201))
  }
  const { headers } = await fetch(pod, { method: 'HEAD' })
  expect(headers.get('link')).toContain(`<${pim.ns}Storage>`)
})
