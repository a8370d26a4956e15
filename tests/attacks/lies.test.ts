/** Answers that are not true: about what was written, what stands there, and everything around the bytes. */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Pod, Vault } from '#core'
import { DAY, grantTo, notes, reopen } from '../core/world.ts'
import { acceptingStale, attacked, before, conflicting, conflictingAfter, forgetting } from '../hostile-pod.ts'
import { delaying, once, putting, refusal, serving, type Power } from '../hostile-pod.ts'
import { attackOn, harmless, same, truths } from './outcome.ts'
import { orCode, shown } from './shown.ts'
import { add, MINUTE, scene, type Scene } from './scene.ts'

let at: Scene
beforeAll(async () => void (at = await scene()))
beforeEach(() => at.back())

const HEAD = /\/c\/[^/]+\/head\.alv$/
const ACCOUNT = /account\.alv$/
const under = (...powers: Power[]): Promise<Vault> => reopen(at.alice, attacked(at.alice.around.pod, ...powers))
/** As somebody sees it who looks from then on. */
const afterwards = async (): Promise<unknown> => {
  at.around.pass(MINUTE)
  return orCode(async () => notes(await reopen(at.alice)))
}

describe('[A11] a host that lies about a write', () => {
  test('says 412 for ever: the writer gives up with a code, having changed nothing', async () => {
    const kept = new Map(at.host.files)
    let asked = 0
    const counted = before('put', HEAD, () => void asked++)
    const vault = await under(conflicting(HEAD), counted)
    await expect(add(vault, at.health, 'never')).rejects.toMatchObject({ code: 'conflict' })
    expect(asked).toBeLessThanOrEqual(20)
    expect(same(at.host.files, kept)).toBe(true)
    expect(await afterwards()).not.toContain('never')
  })

  test('says 412 for ever to the account: no folder, grant or group is half made', async () => {
    const kept = new Map(at.host.files)
    const vault = await under(conflicting(ACCOUNT))
    const conflict = { code: 'conflict' }
    await expect(vault.collections.create('Never')).rejects.toMatchObject(conflict)
    await expect(vault.grants.give(grantTo(at.bob.vault.owner, at.around.clock))).rejects.toMatchObject(conflict)
    await expect(vault.groups.invite(at.group)).rejects.toMatchObject(conflict)
    expect(same(at.host.files, kept)).toBe(true)
  })

  test('says 412 and has written: it is done, once', async () => {
    const vault = await under(conflictingAfter(HEAD))
    await add(vault, at.health, 'once')
    expect(await notes(vault)).toContain('once')
    expect((await afterwards()) as unknown[]).toContain('once')
    expect(((await afterwards()) as unknown[]).filter(note => note === 'once')).toHaveLength(1)
  })

  test('says 412, has written, and shows the old head: what is done again stands beside nothing', async () => {
    const old = at.honest.get(headOf())!
    const hidden = serving(HEAD, (reply, url) =>
      reply && url === headOf() ? { ...reply, etag: `"${old.version}"`, body: old.body } : reply,
    )
    const vault = await under(conflictingAfter(HEAD), hidden)
    await expect(add(vault, at.health, 'hidden')).rejects.toMatchObject({ code: 'conflict' })
    const seen = (await afterwards()) as unknown[]
    expect(seen.filter(note => note === 'hidden').length).toBeLessThanOrEqual(1)
    expect(seen).toEqual(expect.arrayContaining(['BCG', 'MMR', 'asthma']))
  })

  test('says “stored” and has not: the writer sees it gone, with a code, and shows nothing older', async () => {
    const vault = await under(forgetting(HEAD))
    await add(vault, at.health, 'forgotten')
    at.around.pass(MINUTE)
    expect(await orCode(() => notes(vault))).toEqual({ code: 'rolled-back' })
    expect(await afterwards()).toEqual({ code: 'rolled-back' })
    await expect(add(await reopen(at.alice), at.health, 'on it')).rejects.toMatchObject({ code: 'rolled-back' })
  })

  test('says “stored” of a segment and has not: the head that names it is refused, by every reader', async () => {
    const segment = /\/c\/[^/]+\/(?!head)[^/]+\.alv$/
    const many = Array.from({ length: 25 }, (_, i) => ({
      kind: 'Immunization',
      value: { note: `${i} ${'y'.repeat(900)}` },
    }))
    await (await under(forgetting(segment))).records.putAll(many, at.health)
    expect(await afterwards()).toEqual({ code: 'tampered' })
    const view = await (await reopen(at.bob)).views.open(at.group)
    expect([view.rows, view.problems]).toEqual([[], [{ owner: at.alice.vault.owner, code: 'tampered' }]])
  })

  // what the other device wrote is gone with the host's consent; protocol §5 would have it kept there and merged, not built yet
  test('takes a write onto what is not there any more: whoever was written over notices, and writes no more', async () => {
    const laptop = await reopen(at.laptop, attacked(at.laptop.around.pod, acceptingStale(HEAD)))
    await notes(laptop)
    const phone = await reopen(at.alice)
    await add(phone, at.health, 'of the phone')
    await add(laptop, at.health, 'of the laptop')
    expect(await afterwards()).toEqual({ code: 'forked' })
    await expect(add(phone, at.health, 'on top')).rejects.toMatchObject({ code: 'forked' })
  })

  const headOf = (): string => [...at.honest.keys()].find(url => HEAD.test(url) && url.includes(at.health))!

  test('answers anything else at all: nothing but codes, and nothing lost', async () => {
    for (const status of [301, 400, 401, 403, 409, 413, 429, 500, 507, 0])
      for (const applied of [true, false]) {
        at.back()
        const odd = putting(/./, async ({ url, body, options }, honest) => {
          if (applied) await honest.put(url, body, options)
          throw refusal(status)
        })
        const vault = await reopen(at.alice, attacked(at.alice.around.pod, odd))
        expect(await orCode(async () => void (await add(vault, at.health, 'odd')))).toSatisfy(isCodeOrDone)
        const seen = (await afterwards()) as unknown[]
        expect(seen).toEqual(expect.arrayContaining(['BCG', 'MMR', 'asthma', 'salbutamol']))
      }
  })

  const isCodeOrDone = (of: unknown): boolean => of === undefined || typeof (of as { code: unknown }).code === 'string'
})

describe('[A11] a host that is late', () => {
  const never = new Promise(() => undefined)
  const health = (): RegExp => new RegExp(`${at.health}/head\\.alv$`)

  test('with the answer to a write, until another device wrote: both are there, each once', async () => {
    const other = once(async () => add(await reopen(at.laptop), at.health, 'of the laptop'))
    const vault = await under(delaying(health(), (_, method) => (method === 'put' ? soon().then(other) : 0)))
    await add(vault, at.health, 'of the phone')
    at.around.pass(MINUTE)
    for (const seen of [await notes(vault), await afterwards(), await notes(await reopen(at.laptop))])
      expect((seen as unknown[]).filter(note => String(note).startsWith('of the'))).toEqual([
        'of the laptop',
        'of the phone',
      ])
  })

  test('with an answer that is old by then: nothing newer is forgotten for it, and no host accused', async () => {
    const gate = Promise.withResolvers<void>()
    let turn = 0
    const vault = await under(delaying(health(), () => (turn++ ? 0 : gate.promise)))
    const [early, late] = [notes(vault), soon().then(() => notes(vault))]
    await add(await reopen(at.laptop), at.health, 'newer')
    await soon()
    gate.resolve()
    expect([await early, await late]).toSatisfy(both => both.flat().includes('BCG'))
    at.around.pass(MINUTE)
    expect(await notes(vault)).toContain('newer')
  })

  test.each(['get', 'put'])('for ever, with a %s: nothing else waits for it, and a lock ends it', async held => {
    let isAsked = false
    const wait = (_: string, method: string) => (method === held ? ((isAsked = true), never) : 0)
    const vault = await under(delaying(health(), wait))
    const outcome = orCode(async () => void (await (held === 'get' ? notes(vault) : add(vault, at.health, 'unheard'))))
    await add(vault, at.photos, 'elsewhere')
    await vi.waitFor(() => expect(isAsked).toBe(true))
    await vault.lock()
    expect(await outcome).toEqual({ code: 'locked' })
    expect((await afterwards()) as unknown[]).toContain('elsewhere')
  })

  const soon = () => new Promise(resolve => setTimeout(resolve, 20))
})

describe('[A9] what stands around the bytes', () => {
  const ways: { [way: string]: Partial<{ etag: string | null; type: string }> } = {
    'no ETag': { etag: null },
    'always one ETag': { etag: '"1"' },
    'a weak one': { etag: 'W/"1"' },
    'one that is none': { etag: '\u0000 "' },
    'another type': { type: 'text/html' },
    'no type': { type: '' },
  }

  test.each(Object.entries(ways))('%s: what is shown is the same', async (_, claim) => {
    const told = await truths(at, at.alice, at.bob)
    const stop = at.host.attack(serving(/./, reply => reply && { ...reply, ...claim }))
    for (const [member, truth] of told) expect(await shown(at, member)).toEqual(truth)
    stop()
  })

  test.each(Object.entries(ways))('%s: what is written is all there, or is refused with a code', async (_, claim) => {
    const alter = (pod: Pod): Partial<Pod> => ({
      get: async (url, options) => {
        const reply = await pod.get(url, options)
        return reply && { ...reply, ...claim }
      },
      put: async (...args) => ({ ...(await pod.put(...args)), ...('etag' in claim && { etag: claim.etag! }) }),
    })
    const vault = await under(alter)
    const written = await orCode(async () => void (await add(vault, at.health, 'written')))
    const seen = (await afterwards()) as unknown[]
    expect(seen).toEqual(expect.arrayContaining(['BCG', 'MMR', 'asthma']))
    if (!written) expect(seen).toContain('written')
  })

  test('the clock of the host: its dates decide nothing, ours end a grant', async () => {
    at.around.pass(40 * DAY)
    const { rows } = await (await reopen(at.bob)).views.open(at.group)
    expect(rows).toEqual([])
    const generous = { ...at.bob, around: { ...at.bob.around, pod: asOwner() } }
    expect((await (await reopen(generous)).views.open(at.group)).rows).toEqual([])
  })

  /** As a host that goes on serving bob what his rules no longer let him read. */
  const asOwner = (): Pod =>
    attacked(at.bob.around.pod, honest => ({
      get: async (url, options) =>
        url.includes('/alice/') ? at.alice.around.pod.get(url, options) : honest.get(url, options),
      list: async url => (url.includes('/alice/') ? at.alice.around.pod.list(url) : honest.list(url)),
    }))

  test('bytes twice as long, empty, or of anything: refused with a code, and nothing lost', async () => {
    const told = await truths(at, at.alice, at.bob)
    const bodies = [
      new Uint8Array(),
      new Uint8Array(1),
      new Uint8Array(1e6),
      new TextEncoder().encode('<html>Sign in</html>'),
    ]
    for (const body of bodies) {
      const outcome = await attackOn(at, told, () => {
        for (const url of at.honest.keys()) if (url.endsWith('.alv')) at.host.replace(url, body)
      })
      expect(outcome).toMatchObject({ ...harmless, noticed: true })
    }
  })
})
