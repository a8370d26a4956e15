/** A slice of the soak of the real server (server.ts): it and two clients are killed with -9, and nothing is lost. */
import { expect, test } from 'vitest'
import { soakServer } from './killed.ts'

test('server and clients killed at random', { timeout: 300_000 }, async () => {
  const { serverKills, clientKills, ended, records } = await soakServer({
    seed: 1,
    devices: 2,
    operations: 20,
    kills: 4,
  })
  expect(serverKills).toBeGreaterThan(0)
  expect(clientKills).toBeGreaterThan(0)
  expect(ended['done']).toBeGreaterThan(5)
  expect(records).toBeGreaterThan(2)
})
