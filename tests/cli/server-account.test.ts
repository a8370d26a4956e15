import { randomUUID } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import { podName } from '../../client/core/pod-name.ts'
import { createServerAccount, serverCredentials } from '../../client/core/server-account.ts'
import { authenticatedFetch } from '../../client/node/session.ts'

const server = inject('pod')
const fresh = () => {
  const name = `acc-${randomUUID().slice(0, 8)}`
  return { email: `${name}@example.org`, password: 'a password', name }
}

describe('accounts of the pod server', () => {
  test('a new one comes with a pod and credentials that open it', async () => {
    const account = fresh()
    const made = await createServerAccount(server, account)
    expect(made.pod).toBe(`${server}${account.name}/`)
    expect(made.webId).toBe(`${made.pod}profile/card#me`)
    expect((await authenticatedFetch(made)(made.pod)).status).toBe(200)
  })

  test('an address without its last slash is the same server', async () => {
    expect((await createServerAccount(server.slice(0, -1), fresh())).oidcIssuer).toBe(server)
  })

  test('other credentials of the same account open it too', async () => {
    const account = fresh()
    const made = await createServerAccount(server, account)
    const again = await serverCredentials(server, account)
    expect(again).toMatchObject({ webId: made.webId, pod: made.pod })
    expect(again.clientId).not.toBe(made.clientId)
  })

  test('an e-mail or a name that is taken is said so', async () => {
    const first = fresh()
    await createServerAccount(server, first)
    await expect(createServerAccount(server, { ...fresh(), email: first.email })).rejects.toMatchObject({
      code: 'taken',
      detail: { field: 'email' },
    })
    await expect(createServerAccount(server, { ...fresh(), name: first.name })).rejects.toMatchObject({
      code: 'taken',
      detail: { field: 'name' },
    })
  })

  test('an account that was left without a pod is finished, by whoever knows its password', async () => {
    const [first, second] = [fresh(), fresh()]
    await createServerAccount(server, first)
    await expect(createServerAccount(server, { ...second, name: first.name })).rejects.toMatchObject({ code: 'taken' })
    await expect(createServerAccount(server, { ...second, password: 'guess' })).rejects.toMatchObject({ code: 'taken' })
    expect((await createServerAccount(server, second)).pod).toBe(`${server}${second.name}/`)
  })

  test('what is refused says what about', async () => {
    await expect(createServerAccount(server, { ...fresh(), email: 'no' })).rejects.toMatchObject({
      code: 'refused',
      detail: { field: 'email' },
    })
    await expect(serverCredentials(server, fresh())).rejects.toMatchObject({ code: 'wrong-unlock' })
    await expect(createServerAccount('http://localhost:9', fresh())).rejects.toMatchObject({ code: 'offline' })
    await expect(createServerAccount('ftp://x', fresh())).rejects.toMatchObject({ code: 'usage' })
  })
})

test('a pod is named after its person, in any script', () => {
  expect(podName('Éloïse  Dupont-Œuf')).toBe('eloise-dupont-uf')
  expect(podName('李雷')).toMatch(/^pod-[0-9a-f]{12}$/)
})
