/**
 * [E5] [A13] [A14] What a host learns from an error: nothing. For each function that opens something, a wrong key, bytes altered in
 * the commitment, the ciphertext or the tag, and another header give one error, the same in code, message and detail.
 */
import { describe, expect, test } from 'vitest'
import { AlveoleError } from '#crypto'
import { accounts, slots } from './openers/accounts.ts'
import { blobs } from './openers/blobs.ts'
import { circles } from './openers/circles.ts'
import { collections, envelopes, heads, keyrings } from './openers/collections.ts'

const openers = Object.entries({
  ...envelopes(),
  ...(await collections()),
  ...heads(),
  ...keyrings(),
  ...(await blobs()),
  ...accounts(),
  ...circles(),
  ...(await slots()),
})

/** All that anybody could tell of it: what it carries, and whatever caused it. */
async function told(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'it opens'
  } catch (error) {
    if (!(error instanceof AlveoleError)) throw error
    const { code, message, detail, cause } = error
    return JSON.stringify({ code, message, detail, cause: String(cause) })
  }
}

describe.each(openers)('%s', (_, { right, wrong }) => {
  test('opens what is right', async () => {
    expect(await told(right)).toBe('it opens')
  })

  test('says of whatever is wrong the same', async () => {
    const answers: { [how: string]: string } = {}
    for (const [how, work] of Object.entries(wrong)) answers[how] = await told(work)
    const [first] = Object.values(answers)
    expect(first).not.toBe('it opens')
    expect(answers).toEqual(Object.fromEntries(Object.keys(wrong).map(how => [how, first])))
  })
})

test('no function that opens something is left out', async () => {
  const crypto = await import('#crypto')
  const opening = Object.keys(crypto).filter(name => /^(open|unwrap)/.test(name) && name !== 'openIdentity')
  const tested = openers.map(([name]) => name.split(',')[0])
  expect(opening.filter(name => !tested.includes(name))).toEqual([])
})
