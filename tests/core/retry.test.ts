/** What of a bad line is tried again: for two minutes where it was lost on the way, hardly where there was none. */
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AlveoleError, type ErrorCode } from '#crypto'
import { Line } from '../../client/core/line.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { patiently, type Patience } from '../../client/core/retry.ts'
import { answering, refusal } from '../hostile-pod.ts'
import { folder, world } from './world.ts'

const fake = (): void => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
beforeEach(fake)
afterEach(() => void vi.useRealTimers())

/** The error that it ends with, whatever pauses it makes; disks and ciphers take their own time. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  const over = work.then(
    () => ({ error: null }),
    (error: unknown) => ({ error }),
  )
  const second = () => vi.advanceTimersByTimeAsync(1000).then(() => setImmediate(null))
  for (;;) {
    const ended = await Promise.race([over, second()])
    if (ended) return ended.error
  }
}

/** Seconds of pauses until it is given up. */
async function waited(code: ErrorCode, how: Patience): Promise<number> {
  const start = Date.now()
  expect(await failure(patiently(() => Promise.reject(new AlveoleError(code)), how))).toMatchObject({ code })
  return (Date.now() - start) / 1000
}

test('no answer, where there was one before: two minutes; where there was none: two seconds', async () => {
  expect(await waited('offline', {})).toBeGreaterThan(100)
  expect(await waited('offline', { answered: () => true })).toBeGreaterThan(100)
  const without = await waited('offline', { answered: () => false })
  expect(without).toBeGreaterThan(0.5) // a connection that was closed while it was idle
  expect(without).toBeLessThan(3)
})

test('a server that says it is busy or broken has answered', async () => {
  expect(await waited('busy', { answered: () => false })).toBeGreaterThan(100)
  expect(await waited('server', { answered: () => false })).toBeGreaterThan(100)
})

test('a line hears any answer, a refusal too, and none before it was listened to', async () => {
  const { pod } = memoryServer()
  const line = new Line()
  const alices = pod('alice')
  const down = answering(alices, { get: () => Promise.reject(refusal(0)) })
  await line.to(alices).list(alices.storage)
  const answered = line.watch()
  await expect(line.to(down).get(`${alices.storage}x`)).rejects.toMatchObject({ code: 'offline' })
  expect(answered()).toBe(false)
  const refusing = answering(alices, { get: () => Promise.reject(refusal(403)) })
  await expect(line.to(refusing).get(`${alices.storage}x`)).rejects.toMatchObject({ code: 'not-granted' })
  expect(answered()).toBe(true)
})

test('an import and a file put without any line are told so at once; lost on the way, they wait for it', async () => {
  vi.useRealTimers() // making a vault waits for more than pauses
  const { vault, around } = await world().member('alice')
  const collection = await folder(vault, 'Files')
  const bring = (): Promise<unknown> => vault.import([{ name: 'note.bin', blob: new Blob(['a note']) }])
  const put = (): Promise<unknown> =>
    vault.blobs.put(new Blob(['x']), { collection, name: 'a.txt', mediaType: 'text/plain' })
  fake()
  let [answers, sent] = [0, 0]
  const line = <A extends unknown[], R>(send: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      sent++
      if (answers-- <= 0) throw refusal(0)
      return send(...args)
    }
  }
  around.pod.put = line(around.pod.put.bind(around.pod))
  around.pod.get = line(around.pod.get.bind(around.pod))
  for (const act of [bring, put]) {
    ;[answers, sent] = [0, 0]
    expect(await failure(act())).toMatchObject({ code: 'offline' })
    expect(sent).toBeLessThan(8)
  }
  ;[answers, sent] = [1, 0]
  const two = vault.import([
    { name: 'one.bin', blob: new Blob(['one']) },
    { name: 'two.bin', blob: new Blob(['two']) },
  ])
  expect(await failure(two)).toMatchObject({ code: 'offline' })
  expect(sent).toBeGreaterThan(10)
})
