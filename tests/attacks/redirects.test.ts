/** [A21] A pod that sends requests on: our credentials go with none of them, and nobody else's pod is written onto. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pod } from '#core'
import { solidPod } from '../../client/core/solid-pod.ts'

const servers: Server[] = []
const asked: string[] = []
let base: string
let pod: Pod

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

beforeAll(async () => {
  const other = await listening((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => response.writeHead(205).end())
  })
  base = await listening((request, response) => {
    request.resume()
    response.writeHead(307, { location: `${other}private.ttl` }).end()
  })
  pod = await solidPod({ webId: `${base}me`, storage: base, fetch })
})
afterAll(() => servers.forEach(server => server.close()))

const BODY = new Uint8Array(100)
const acts: { [name: string]: () => Promise<unknown> } = {
  get: () => pod.get(`${base}alveole/account.alv`),
  put: () => pod.put(`${base}alveole/head.alv`, BODY, { ifMatch: '"of the target"' }),
  post: () => pod.post(`${base}alveole/inbox/`, BODY),
  patch: () => pod.patch(`${base}alveole/members`, ''),
  delete: () => pod.delete(`${base}alveole/object.alv`),
  list: () => pod.list(`${base}alveole/inbox/`),
}

test.each(Object.entries(acts))('%s is refused, and asks nobody else', async (_, act) => {
  await expect(act()).rejects.toMatchObject({ code: 'refused', detail: { status: 307 } })
  expect(asked).toEqual([])
})
