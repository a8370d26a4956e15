/** How large the parts of a file are to be, by how fast the line was lately (protocol §5, Blobs). */
import { expect, test } from 'vitest'
import { CHUNK_BYTES, PART_BYTES } from '#crypto'
import { Uplink } from '../../client/core/blobs/uplink.ts'

/** A line that takes so many bytes a second. */
function line(bytesPerSecond: number) {
  const at = { now: 0, bytesPerSecond }
  const uplink = new Uplink(() => at.now)
  const send = (bytes: number) => uplink.sending(bytes, async () => void (at.now += (bytes / at.bytesPerSecond) * 1000))
  return { uplink, at, send }
}

test('nothing is known before anything was sent', () => {
  const { uplink } = line(1)
  expect([uplink.bytesPerSecond, uplink.partBytes]).toEqual([null, PART_BYTES])
})

test.each([
  [100_000_000, PART_BYTES],
  [1_400_000, PART_BYTES],
  [1_390_000, PART_BYTES / 2],
  [500_000, PART_BYTES / 4],
  [100_000, CHUNK_BYTES],
  [1_000, CHUNK_BYTES],
])('at %i bytes a second a part has %i', async (speed, part) => {
  const { uplink, send } = line(speed)
  await send(CHUNK_BYTES)
  expect(uplink.bytesPerSecond).toBeCloseTo(speed, 0)
  expect(uplink.partBytes).toBe(part)
})

test('what is sent side by side shares one line', async () => {
  const { uplink, at } = line(1)
  const done = Promise.withResolvers<void>()
  const both = [1, 2].map(() => uplink.sending(1_000_000, () => done.promise))
  at.now += 1000
  done.resolve()
  await Promise.all(both)
  expect(uplink.bytesPerSecond).toBeCloseTo(2_000_000, 0)
})

test('time in which nothing is sent, and a clock set back, count for nothing; a line that slows down is noticed', async () => {
  const { uplink, at, send } = line(10_000_000)
  await send(PART_BYTES)
  at.now += 3600_000
  await send(PART_BYTES)
  at.now -= 7200_000
  await send(PART_BYTES)
  expect(uplink.bytesPerSecond).toBeCloseTo(10_000_000, 0)
  at.bytesPerSecond = 200_000
  await send(PART_BYTES)
  await send(PART_BYTES)
  expect(uplink.partBytes).toBeLessThan(PART_BYTES / 2)
})

test('what fails has sent nothing', async () => {
  const { uplink } = line(1)
  await expect(uplink.sending(5, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(uplink.bytesPerSecond).toBe(null)
})
