/** Compare-and-swap where the answer gets lost, comes twice, or comes late (protocol §5). */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Pod } from '#core'
import { AlveoleError, utf8 } from '#crypto'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { swap } from '../../client/core/swap.ts'
import { faultyPod } from './faulty-pod.ts'

let pod: Pod
let url: string
let first: string
const [ours, theirs] = [utf8('ours'), utf8('theirs')]

beforeEach(async () => {
  pod = memoryServer().pod('alice')
  url = `${pod.storage}head.alv`
  first = (await swap(pod, url, utf8('first'), null))!
})

const now = async () => new TextDecoder().decode((await pod.get(url))!.body)
/** A PUT that is done and then answered so, with something happening in between. */
const answering = (
  answer: () => { etag: string | null },
  meanwhile: () => Promise<unknown> = async () => null,
): Pod => ({
  ...pod,
  storage: pod.storage,
  get: (...args) => pod.get(...args),
  put: async (...args) => {
    await pod.put(...args)
    await meanwhile()
    return answer()
  },
})
const fail = (code: 'conflict' | 'offline') => () => {
  throw new AlveoleError(code)
}

describe('a swap', () => {
  test('onto the version that is there gives the next ETag; onto another it is a conflict', async () => {
    const second = await swap(pod, url, ours, first)
    expect((await pod.get(url))?.etag).toBe(second)
    await expect(swap(pod, url, theirs, first)).rejects.toMatchObject({ code: 'conflict' })
    await expect(swap(pod, url, theirs, null)).rejects.toMatchObject({ code: 'conflict' })
    expect(await now()).toBe('ours')
  })

  test.each(['conflict', 'offline'] as const)('that was done is done, though the answer was %s', async code => {
    const etag = await swap(answering(fail(code)), url, ours, first)
    expect(etag).toBe((await pod.get(url))?.etag)
    expect(await now()).toBe('ours')
  })

  test.each([429, 500, 503, 0])('that was not done is told as it was answered: %i', async status => {
    await expect(swap(faultyPod(pod, { at: 1, status, applied: false }), url, ours, first)).rejects.toBeInstanceOf(
      AlveoleError,
    )
    expect(await now()).toBe('first')
  })

  test('without an ETag in the answer gets it from the bytes, never from another’s', async () => {
    const silent = () => ({ etag: null })
    expect(await swap(answering(silent), url, ours, first)).toBe((await pod.get(url))?.etag)
    const { etag } = (await pod.get(url))!
    const overwritten = answering(silent, () => pod.put(url, theirs))
    expect(await swap(overwritten, url, utf8('again'), etag)).toBe(null) // [A33]
    expect(await now()).toBe('theirs')
  })
})
