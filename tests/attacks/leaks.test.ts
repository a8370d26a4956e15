/** What a host could learn without opening anything: from traffic, errors and logs, from how bad bytes are answered, from copies. */
import sodium from 'libsodium-wrappers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Vault } from '#core'
import { label, toBase64Url, toHex } from '#crypto'
import { folder, passwordOf, reopen, secondDevice, world } from '../core/world.ts'
import { substituting, takeOver, watching, withholding, type Host } from '../hostile-pod.ts'
import { everyKind } from './objects.ts'
import { orCode, readFile } from './shown.ts'
import { FILE, scene, withoutMarks, type Scene } from './scene.ts'

describe('[A5] in a whole day, with bad answers in it,', () => {
  /** Everything drawn at the size of a key, and everything derived with one, since the first vault was made. */
  const keys = new Map<string, Uint8Array>()
  const said: string[] = []
  const sent: Buffer[] = []
  const addresses: string[] = []
  let at: Scene
  let words: string[]

  /** Of a node of a circle's key tree: as long as a key, and public (SPEC T6). */
  const isCommitment = (framed: Uint8Array | string): boolean =>
    Buffer.from(framed)
      .subarray(1, 1 + label.groupCommitment.length)
      .toString() === label.groupCommitment
  const keep = (key: Uint8Array): void => void keys.set(toHex(key), key)
  function watchKeys(): void {
    const { getRandomValues } = crypto
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(array => {
      const filled = getRandomValues.call(crypto, array)
      if (filled instanceof Uint8Array && filled.length === 32) keep(filled.slice())
      return filled
    })
    const hash = sodium.crypto_generichash
    sodium.crypto_generichash = ((...args: Parameters<typeof hash>) => {
      const derived = hash(...args)
      if (args[2] && args[0] >= 32 && !isCommitment(args[1])) keep((derived as unknown as Uint8Array).slice(0, 32)) // what follows is a commitment, and public
      return derived
    }) as typeof hash
  }

  beforeAll(async () => {
    watchKeys()
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void said.push(args.map(tell).join(' ')))
    const take = (host: Host) =>
      host.attack(
        watching((method, args) => {
          for (const arg of args) {
            if (arg instanceof Uint8Array) sent.push(Buffer.from(arg))
            else addresses.push(`${method} ${JSON.stringify(arg)}`)
          }
        }),
      )
    at = await scene(take)
    const link = await (await reopen(at.alice)).groups.invite(at.group)
    await (await reopen(at.bob)).groups.join(link).catch(note)
    await wrongDoings()
    words = [...at.alice.kit, link.split('#')[1]!]
  })
  afterAll(() => void vi.restoreAllMocks())

  const tell = (what: unknown): string =>
    what instanceof Error ? `${what.stack} ${JSON.stringify(what)} ${tell(what.cause)}` : String(what)
  const note = (error: unknown): void => void said.push(tell(error))

  /** Whatever goes wrong, and with it every error that is told. */
  async function wrongDoings(): Promise<void> {
    for (const url of [...at.honest.keys()].filter(url => !url.endsWith('.acl'))) {
      for (const power of [
        withholding(exactly(url)),
        substituting(exactly(url), body => body.map((byte, i) => (i % 50 ? byte : ~byte))),
      ]) {
        const stop = at.host.attack(power)
        for (const member of [at.alice, at.bob]) {
          const vault = await reopen(member).catch(note)
          if (vault) {
            await vault.views.open(at.group).then(({ problems }) => said.push(JSON.stringify(problems)), note)
            await Array.fromAsync(vault.records.query()).catch(note)
          }
        }
        stop()
      }
    }
    await secondDevice({ ...withoutMarks(at.alice), name: 'no such' }).catch(note)
    for (const { bytes, read } of await everyKind())
      for (const from of [-1, -20, -60, -100]) {
        const altered = bytes.slice()
        altered[altered.length + from]! ^= 1
        try {
          await read(altered)
        } catch (error) {
          note(error)
        }
      }
  }
  const exactly = (url: string): RegExp => new RegExp(`^${url.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')}$`)

  test('no key leaves the devices, in any spelling', () => {
    expect(keys.size).toBeGreaterThan(500)
    expect(sent.length).toBeGreaterThan(60)
    expect(addresses.length).toBeGreaterThan(1000)
    const [bytes, texts] = [Buffer.concat(sent), [...addresses, ...said].join('\n')]
    const found = [...keys].filter(([hex, key]) => {
      const spellings = [
        hex,
        toBase64Url(key),
        Buffer.from(key).toString('base64'),
        Buffer.from(key).toString('latin1'),
      ]
      return bytes.includes(Buffer.from(key)) || spellings.some(spelling => texts.includes(spelling))
    })
    expect(found.map(([hex]) => hex)).toEqual([])
  })

  test('nor does a password, the kit, an invitation, a name or a text', () => {
    const names = [FILE, 'a.txt', 'asthma', 'salbutamol', 'Abeilles', 'Health', 'Photos', 'Immunization', 'health/']
    const secrets = [...names, words.slice(0, 6).join(' '), words.at(-1)!, ...['alice', 'bob', 'carol'].map(passwordOf)]
    const bytes = Buffer.concat(sent)
    expect(said.length).toBeGreaterThan(30)
    const texts = [...addresses, ...said].join('\n')
    expect(secrets.filter(secret => bytes.includes(secret) || texts.includes(secret))).toEqual([])
  })

  test('no address carries a query or a fragment', () => {
    const odd = addresses.filter(line => line.includes('https:') && /[?#]/.test(line))
    expect(odd.filter(line => !/\/profile\/card#me"$|^patch /.test(line))).toEqual([])
  })
})

describe('[A14] of an object that does not open,', () => {
  let at: Scene
  beforeAll(async () => void (at = await scene()))

  /** Bad in ways of which only somebody with the key could tell one from another. */
  const ways: ((body: Uint8Array) => Uint8Array)[] = [-1, -20, -40, -90].map(from => body => {
    const altered = body.slice()
    altered[altered.length + from]! ^= 0x10
    return altered
  })

  /** One thing that a person does. */
  const acts: [who: 'alice' | 'bob', act: (vault: Vault) => Promise<unknown>][] = [
    ['alice', vault => Array.fromAsync(vault.records.query())],
    ['alice', vault => readFile(vault)],
    ['bob', vault => vault.views.open(at.group)],
    ['bob', vault => vault.views.open(at.alice.vault.owner)],
  ]

  test('what is asked for next is the same whatever is wrong with it, and nothing is asked for twice', async () => {
    const urls = [...at.honest.keys()].filter(url => /\.alv$|\/(inbox|feed)\/[^/.]+$/.test(url))
    for (const [who, act] of acts) {
      const good = await traceOf(who, act)
      for (const url of urls.filter(url => good.includes(`get ${url}`))) {
        const bad: string[][] = []
        for (const way of ways) bad.push(await traceOf(who, act, url, way))
        for (const trace of bad) expect({ url, trace }).toEqual({ url, trace: bad[0] })
        expect(bad[0]!.filter(line => !good.includes(line))).toEqual([])
        expect({ url, asked: bad[0]!.filter(line => line === `get ${url}`).length }).toEqual({ url, asked: 1 })
      }
    }
  })

  async function traceOf(
    who: 'alice' | 'bob',
    act: (vault: Vault) => Promise<unknown>,
    url?: string,
    way?: (body: Uint8Array) => Uint8Array,
  ): Promise<string[]> {
    at.back()
    if (url) at.host.replace(url, way!(at.honest.get(url)!.body))
    const lines: string[] = []
    const stop = at.host.attack(watching((method, [where]) => void lines.push(`${method} ${String(where)}`)))
    await orCode(async () => act(await reopen(at[who])))
    stop()
    return lines
  }
})

test('[A23] one file stored twice, by one person or by two, has nothing in common but its size', async () => {
  const around = world()
  const host = takeOver(around.server, around.clock)
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const file = new Blob(['the same in all of them '.repeat(400)])
  const parts: Uint8Array[] = []
  for (const { vault } of [alice, alice, bob]) {
    const collection = await folder(vault)
    await vault.blobs.put(file, { collection, name: 'a', mediaType: 'text/plain' })
    parts.push([...host.files.values()].at(-1)!.body)
  }
  expect(new Set(parts.map(({ length }) => length)).size).toBe(1)
  const pieces = parts.map(
    part => new Set(Array.from({ length: part.length - 120 }, (_, i) => toHex(part.subarray(112 + i, 120 + i)))),
  )
  for (const [i, some] of pieces.entries())
    for (const others of pieces.slice(i + 1)) expect([...some].filter(piece => others.has(piece))).toEqual([])
})
