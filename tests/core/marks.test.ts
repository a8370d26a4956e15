/** High-water marks and commit counters (SPEC H4–H6): nothing older, nothing beside, no count twice. */
import { describe, expect, test } from 'vitest'
import { advance, hash, utf8, type Vector } from '#crypto'
import { memoryStore } from '#core'
import { checkCheckpoint, checkMark, nextCommit } from '../../client/core/marks.ts'

const URL = 'https://pod.example/head.alv'
const device = (n: number): Uint8Array => new Uint8Array(16).fill(n)
const state = (vector: Vector, text: string) => ({ vector, hash: hash(utf8(text)) })
const none = new Uint8Array(32)
const one = state(advance([], device(1), 1, none), 'one')
const two = state(advance(one.vector, device(1), 2, one.hash), 'two')
const other = state(advance(one.vector, device(2), 1, one.hash), 'other')

describe('the newest state seen', () => {
  test('may be seen again, and be followed by a newer one', async () => {
    const store = memoryStore()
    for (const seen of [one, one, two, two]) await checkMark(store, URL, seen)
    await expect(checkMark(store, URL, one)).rejects.toMatchObject({ code: 'rolled-back' })
  })

  test('is not followed by an older one', async () => {
    const store = memoryStore()
    await checkMark(store, URL, two)
    await expect(checkMark(store, URL, one)).rejects.toMatchObject({ code: 'rolled-back' })
    await expect(checkMark(store, URL, state([], 'zero'))).rejects.toMatchObject({ code: 'rolled-back' })
    await checkMark(store, URL, two)
  })

  test('nor by one beside it', async () => {
    const store = memoryStore()
    await checkMark(store, URL, two)
    await expect(checkMark(store, URL, other)).rejects.toMatchObject({ code: 'forked' })
    await expect(checkMark(store, URL, { ...two, hash: one.hash })).rejects.toMatchObject({ code: 'forked' })
    const sameCountOtherPast = state(advance(one.vector, device(1), 2, two.hash), 'else')
    await expect(checkMark(store, URL, sameCountOtherPast)).rejects.toMatchObject({ code: 'forked' })
  })

  test('is kept per object', async () => {
    const store = memoryStore()
    await checkMark(store, URL, two)
    await checkMark(store, `${URL}x`, one)
  })
})

describe('what the account cites', () => {
  test('is the least that a head may be', () => {
    checkCheckpoint(URL, null, undefined)
    checkCheckpoint(URL, one.vector, undefined)
    checkCheckpoint(URL, two.vector, one.vector)
    checkCheckpoint(URL, two.vector, two.vector)
    expect(() => checkCheckpoint(URL, one.vector, two.vector)).toThrow(expect.objectContaining({ code: 'rolled-back' }))
    expect(() => checkCheckpoint(URL, null, one.vector)).toThrow(expect.objectContaining({ code: 'rolled-back' }))
    expect(() => checkCheckpoint(URL, other.vector, two.vector)).toThrow(expect.objectContaining({ code: 'forked' }))
  })
})

describe('the count of commits', () => {
  test('goes up with each attempt, won or lost', async () => {
    const store = memoryStore()
    expect(await nextCommit(store, URL, [], device(1))).toBe(1)
    expect(await nextCommit(store, URL, [], device(1))).toBe(2)
    expect(await nextCommit(store, URL, one.vector, device(1))).toBe(3)
  })

  test('goes on from what the pod knows, where this device lost its own', async () => {
    expect(await nextCommit(memoryStore(), URL, two.vector, device(1))).toBe(3)
    expect(await nextCommit(memoryStore(), URL, two.vector, device(2))).toBe(1)
  })
})
