/** What a host, a member or a steward can make of what a circle asks and of what its members answer: nothing that counts. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OfferId, Vault } from '#core'
import { fromUtf8, label, nextGroupEntry, random, sealGroupHead, sealGroupMessage, signBytes, utf8 } from '#crypto'
import { alv, dpv, odrl } from '#vocab'
import { writeOffer, type OfferTerms } from '../../client/core/offers/offer.ts'
import { offerIri } from '../../client/core/offers/offer-id.ts'
import { changeGroup, standing } from '../../client/core/groups/change-group.ts'
import { partsOf } from '../../client/core/vault.ts'
import { offerOf } from '../core/offer-of.ts'
import { reopen, savedStore, type Member } from '../core/world.ts'
import { orCode } from './shown.ts'
import { MINUTE, scene, type Scene } from './scene.ts'

let at: Scene
beforeAll(async () => void (at = await scene()))
beforeEach(() => at.back())

const headUrl = (): string => `${at.group}head.alv`
const asks = async (vault: Vault): Promise<unknown> =>
  orCode(async () => (await vault.groups.offers(at.group)).map(({ terms, state }) => [terms.title.en, state]))
const publish = async (title: string, more = {}) =>
  (await reopen(at.alice)).groups.offer(
    at.group,
    offerOf(at.around.clock, { title: { fr: title, en: title }, ...more }),
  )
const later = async (who: Member): Promise<Vault> => {
  at.around.pass(10 * MINUTE)
  return reopen(who)
}
const termsOf = (id: Uint8Array, more: Partial<OfferTerms> = {}): OfferTerms => ({
  ...offerOf(at.around.clock),
  offer: offerIri(id),
  group: at.group,
  issued: at.around.clock(),
  ...more,
})

describe('[A40] an offer', () => {
  test('by a plain member, whose client refuses it, in league with the host, is none', async () => {
    const vault = await reopen(at.bob)
    const { groups, context } = partsOf(vault)
    const open = await groups.opened(at.group)
    const body = { type: 'offer' as const, id: random(16), offer: writeOffer(termsOf(random(16))) }
    const forged = changeGroup(context, standing(open), { entries: [body] })
    await expect(forged).rejects.toMatchObject({ code: 'refused' })
    const { me, clock } = context
    const entry = nextGroupEntry(open.state.last, me.webId, me.signer, clock(), body)
    const inHerName = nextGroupEntry(open.state.last, at.alice.vault.owner, me.signer, clock(), body)
    for (const [owner, added] of [
      [me.webId, entry],
      [at.alice.vault.owner, entry],
      [at.alice.vault.owner, inHerName],
    ] as const) {
      const part = { ...open.log, entries: [...open.log.entries, added] }
      const header = { ...open.header, owner, sealId: random(16) }
      at.host.replace(headUrl(), sealGroupHead(header, part, open.epochs.at(-1)!, me.signer))
      expect(await asks(await later(at.carol))).toHaveProperty('code')
    }
  })

  test('that is older, served again to who saw the newer, is a rollback', async () => {
    const { offer } = await publish('first')
    expect(await asks(await later(at.bob))).toEqual([['first', 'open']])
    const old = at.host.files.get(headUrl())!.body
    await publish('second', { offer })
    expect(await asks(await later(at.bob))).toEqual([['second', 'open']])
    at.host.replace(headUrl(), old)
    const bob = await later(at.bob)
    expect(await asks(bob)).toEqual({ code: 'rolled-back' })
    expect(await orCode(() => bob.consents.accept(offer))).toEqual({ code: 'rolled-back' })
    expect((await bob.consents.list()).length).toBe(0)
  })

  test('changed after it was looked at is not what an answer is to', async () => {
    const { offer } = await publish('first')
    const bob = await later(at.bob)
    expect(await asks(bob)).toEqual([['first', 'open']])
    await bob.consents.accept(offer)
    await publish('second', { offer, facets: ['health'] })
    const again = await later(at.bob)
    expect(await asks(again)).toEqual([['second', 'changed']])
    const { terms, facets } = await again.consents.receipt(offer)
    expect([terms.title.en, facets]).toEqual(['first', ['health/immunizations']])
  })

  test('one for some and another for others shows as soon as somebody meets both', async () => {
    const before = { files: new Map(at.host.files), store: new Map(at.alice.around.store.values) }
    await publish('for carol')
    expect(await asks(await later(at.carol))).toEqual([['for carol', 'open']])
    const forCarol = at.host.files.get(headUrl())!.body
    const twin = { ...at.alice, around: { ...at.alice.around, store: savedStore(before.store) } }
    at.host.replace(headUrl(), before.files.get(headUrl())!.body)
    const { groups, context } = partsOf(await reopen(twin))
    const open = await groups.opened(at.group)
    const id = random(16)
    const offer = writeOffer(termsOf(id, { title: { fr: 'b', en: 'for bob' } }))
    await changeGroup(context, standing(open), { entries: [{ type: 'offer', id, offer }] })
    expect(await asks(await later(at.bob))).toEqual([['for bob', 'open']])
    at.host.replace(headUrl(), forCarol)
    expect(await asks(await later(at.bob))).toEqual({ code: 'forked' })
  })

  test('not in the one spelling counts for nobody, whichever steward signed it, and hides no other', async () => {
    await publish('honest')
    const id = random(16)
    const json = fromUtf8(writeOffer(termsOf(id)))
    const members = JSON.parse(json) as Record<string, unknown>
    const permission = members[odrl.permission] as Record<string, unknown>
    const odd = {
      'a member more': JSON.stringify({ ...members, [odrl.prohibition]: [] }),
      'a member more, further in': JSON.stringify({
        ...members,
        [odrl.permission]: { ...permission, [odrl.target]: 'x' },
      }),
      blanks: JSON.stringify(members, null, 1),
      'a member twice': `{${JSON.stringify('@id')}:"x",${json.slice(1)}`,
      'another order': JSON.stringify(Object.fromEntries(Object.entries(members).toReversed())),
      'no facet': JSON.stringify({ ...members, [odrl.permission]: { ...permission, [alv.facet]: [] } }),
      'another id': fromUtf8(writeOffer(termsOf(random(16)))),
      'another circle': fromUtf8(writeOffer(termsOf(id, { group: at.alice.vault.owner }))),
      'no end': json.replace(/"\d{4}-[^"]+Z"(?=\}\},)/, '"whenever"'),
      nothing: '',
      'no JSON': '{',
      'a null': 'null',
      'much of it': `${json}${' '.repeat(9000)}`,
    }
    const steward = partsOf(await reopen(at.alice)).groups
    for (const [what, text] of Object.entries(odd)) {
      expect(text, what).not.toBe(json)
      await steward.change(at.group, async () => ({ entries: [{ type: 'offer', id, offer: utf8(text) }] }))
      const bob = await later(at.bob)
      expect(await asks(bob), what).toEqual([['honest', 'open']])
      expect(await orCode(() => bob.consents.accept(offerIri(id))), what).toEqual({ code: 'not-granted' })
    }
    await steward.change(at.group, async () => ({ entries: [{ type: 'offer', id, offer: new Uint8Array([0xff]) }] }))
    expect(await asks(await later(at.bob))).toEqual([['honest', 'open']])
  })
})

test('[A42] health data for money, by a steward’s own client, is no offer to anybody', async () => {
  const steward = partsOf(await reopen(at.alice)).groups
  for (const facets of [['health'], ['travel', 'health/immunizations/entry'], ['measurements/source']]) {
    const id = random(16)
    const offer = writeOffer(termsOf(id, { facets, compensation: true }))
    await steward.change(at.group, async () => ({ entries: [{ type: 'offer', id, offer }] }))
    const bob = await later(at.bob)
    expect(await asks(bob)).toEqual([])
    expect(await orCode(() => bob.consents.accept(offerIri(id)))).toEqual({ code: 'not-granted' })
    expect((await bob.grants.list()).filter(({ to, state }) => to === at.group && state === 'live').length).toBe(1)
  }
})

describe('[A41] a consent', () => {
  const container = (): string => `${at.group}consents/`
  const kept = async (): Promise<string[]> => {
    const all = await (await later(at.alice)).groups.consents(at.group)
    return all.map(({ subject, status, version }) => `${subject} ${status} ${version.slice(0, 8)}`)
  }
  /** Left by somebody who has the group's keys, past the product. */
  async function leave(who: Member, signed: Uint8Array): Promise<void> {
    const { groups } = partsOf(await reopen(who))
    const { epochs } = await groups.opened(at.group)
    const url = `${container()}${Math.random()}.alv`
    at.host.replace(url, sealGroupMessage(epochs.at(-1)!, signed))
  }
  async function bobAccepts(): Promise<{ offer: OfferId; json: string; record: string }> {
    const { offer } = await publish('study')
    const bob = await later(at.bob)
    await asks(bob)
    const { record, version } = await bob.consents.accept(offer)
    return { offer, json: record, record: `${at.bob.vault.owner} given ${version.slice(0, 8)}` }
  }
  const signed = async (
    who: Member,
    json: string,
    use: typeof label.consent | typeof label.agreement = label.consent,
  ) => signBytes(partsOf(await reopen(who)).context.me.signer, use, utf8(json))

  test('signed by a steward, or another member, in a member’s name, is none', async () => {
    const { json, record } = await bobAccepts()
    for (const who of [at.alice, at.carol]) {
      await leave(who, await signed(who, json))
      await leave(who, await signed(who, json.replace(dpv.ConsentGiven, dpv.ConsentWithdrawn)))
    }
    expect(await kept()).toEqual([record])
  })

  test('by its member, but not in the one spelling, or under another label, or for another circle, is none', async () => {
    const { json, record } = await bobAccepts()
    const odd = [
      JSON.stringify({ ...(JSON.parse(json) as object), more: 1 }),
      JSON.stringify(JSON.parse(json), null, 1),
      json.replace(dpv.ConsentGiven, dpv.ConsentExpired),
      json.replaceAll(at.group, `${at.group}other/`),
      'null',
    ]
    for (const text of odd) await leave(at.bob, await signed(at.bob, text))
    await leave(at.bob, await signed(at.bob, json, label.agreement))
    at.host.replace(`${container()}noise.alv`, random(900))
    expect(await kept()).toEqual([record])
  })

  test('served again, by whomever, counts once and undoes no withdrawal', async () => {
    const { offer, json, record } = await bobAccepts()
    await (await later(at.bob)).consents.withdraw(offer)
    for (const who of [at.alice, at.carol]) await leave(who, await signed(at.bob, json))
    const [first, last, ...more] = await kept()
    expect([first, last, more]).toEqual([record, record.replace('given', 'withdrawn'), []])
  })

  test('left out by the host takes nothing from who gave it, and is there again with it', async () => {
    const { record, offer } = await bobAccepts()
    const urls = [...at.host.files.keys()].filter(url => url.startsWith(container()) && !url.endsWith('.acl'))
    expect(urls.length).toBe(1)
    const message = at.host.files.get(urls[0]!)!
    at.host.files.delete(urls[0]!)
    expect(await kept()).toEqual([])
    expect((await (await later(at.bob)).consents.receipt(offer)).status).toBe('given')
    at.host.files.set(urls[0]!, message)
    expect(await kept()).toEqual([record])
  })

  test('of a circle is read by its stewards alone, and by nobody who is not in it', async () => {
    await bobAccepts()
    const [url] = [...at.host.files.keys()].filter(one => one.startsWith(container()) && !one.endsWith('.acl'))
    await expect(at.carol.around.pod.get(url!)).rejects.toMatchObject({ code: 'not-granted' })
    expect((await at.alice.around.pod.get(url!))?.body.length).toBeGreaterThan(1000)
    const dave = await at.around.member('dave')
    await expect(dave.around.pod.post(container(), random(9))).rejects.toMatchObject({ code: 'not-granted' })
  })
})
