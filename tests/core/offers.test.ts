/** What a circle asks, and what its members answer: given, narrowed, refused, withdrawn, asked again. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GroupId, OfferId, OfferPolicy, Vault } from '#core'
import { consentWords, offerWords } from '#core'
import { dpv, euGdpr } from '#vocab'
import { AlveoleError } from '#crypto'
import { offerOf } from './offer-of.ts'
import { DAY, FACET, folder, reopen, secondDevice, world, type Member, type World } from './world.ts'

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => {
      if (error instanceof AlveoleError) return error.code
      throw error
    },
  )

let around: World
let alice: Member
let bob: Member
let group: GroupId
let steward: Vault
let vault: Vault
let back: () => void

beforeAll(async () => {
  around = world()
  alice = await around.member('alice')
  bob = await around.member('bob')
  group = (await alice.vault.groups.found('Les Abeilles')).group
  await bob.vault.groups.join(await alice.vault.groups.invite(group))
  await alice.vault.groups.admit(group, bob.vault.owner)
  await bob.vault.records.put('Immunization', { note: 'BCG' }, { collection: await folder(bob.vault) })
  await bob.vault.settle()
  await alice.vault.settle()
  back = around.save(alice.around.store, bob.around.store)
})
beforeEach(async () => {
  back()
  ;[steward, vault] = await Promise.all([reopen(alice), reopen(bob)])
})

const asked = (more: Partial<OfferPolicy> = {}): OfferPolicy => offerOf(around.clock, more)
async function open(more: Partial<OfferPolicy> = {}): Promise<OfferId> {
  const { offer } = await steward.groups.offer(group, asked(more))
  around.pass(6 * 60_000)
  await vault.groups.offers(group) // who answers has read it
  return offer
}
const stateOf = async (of = vault): Promise<string[]> => (await of.groups.offers(group)).map(({ state }) => state)
const told = async (): Promise<string[]> =>
  (await steward.groups.consents(group)).map(({ subject, status }) => `${subject} ${status}`)
const rows = async (): Promise<number> => {
  around.pass(6 * 60_000)
  return (await (await reopen(alice)).views.open(group)).rows.length
}

describe('publishing', () => {
  test('[X11] members see what a steward asks, as it was written; nothing is given by that', async () => {
    const policy = asked({ title: { fr: 'Étude', en: 'Study' } })
    await open(policy)
    const [offer] = await vault.groups.offers(group)
    expect(offer).toMatchObject({ state: 'open', consent: null, group })
    expect(offer!.terms).toMatchObject({ ...policy, group })
    expect(await vault.grants.list()).toEqual([])
    expect(await rows()).toBe(0)
  })

  test('[N3] only by a steward', async () => {
    expect(await codeOf(vault.groups.offer(group, asked()))).toBe('refused')
    const offer = await open()
    expect(await codeOf(vault.groups.withdrawOffer(group, offer))).toBe('refused')
  })

  test.each([
    ['health', { facets: ['health'] }],
    ['a part of health', { facets: ['papers', FACET] }],
    ['readings of sensors', { facets: ['measurements'] }],
  ])('identifiable health data is not for money: %s', async (_, more) => {
    expect(await codeOf(steward.groups.offer(group, asked({ ...more, compensation: true })))).toBe('refused')
    expect(await stateOf()).toEqual([])
  })

  test('what is not about health may be; health may not, de-identified neither', async () => {
    await steward.groups.offer(group, asked({ facets: ['travel'], compensation: true }))
    const hidden = { compensation: true, deidentified: true }
    expect(await codeOf(steward.groups.offer(group, asked(hidden)))).toBe('refused')
    around.pass(6 * 60_000)
    expect(await stateOf()).toEqual(['open'])
  })

  test('[Z1] what is de-identified is of 4,096 records at most: more are refused, and nothing is given', async () => {
    const more = Array.from({ length: 4096 }, (_, n) => ({ kind: 'Immunization', value: { note: `${n}` } }))
    const [collection] = await vault.collections.list()
    await vault.records.putAll(more, collection!.id) // beside the one that is there
    const hidden = await open({ deidentified: true })
    await expect(vault.consents.accept(hidden)).rejects.toMatchObject({
      code: 'too-large',
      detail: { field: 'records' },
    })
    expect([await vault.grants.list(), await rows()]).toEqual([[], 0])
    expect((await vault.groups.offers(group)).map(({ state }) => state)).toEqual(['open'])
  })

  test.each<[string, Partial<OfferPolicy>, string]>([
    ['no facet', { facets: [] }, 'usage'],
    ['a facet that is none', { facets: ['health/nothing'] }, 'usage'],
    ['a facet twice', { facets: [FACET, FACET] }, 'usage'],
    ['a purpose that is not offered', { purpose: 'https://w3id.org/dpv#Marketing' }, 'usage'],
    ['no legal basis', { legalBasis: dpv.ns }, 'usage'],
    ['one language', { terms: { fr: 'Texte', en: ' ' } }, 'usage'],
    ['nobody to reach', { controller: { name: 'Coop', contact: '' } }, 'usage'],
    ['an end that has passed', { end: { until: 0 } }, 'usage'],
    ['half a day', { end: { days: 0.5 } }, 'usage'],
    ['a text that is too long', { terms: { fr: 'x'.repeat(8000), en: 'x' } }, 'too-large'],
  ])('refused: %s', async (_, more, code) => {
    expect(await codeOf(steward.groups.offer(group, asked(more)))).toBe(code)
    expect(await stateOf(steward)).toEqual([])
  })

  test('[N6] withdrawn, it asks no more; what was given stands until its end', async () => {
    const offer = await open()
    await vault.consents.accept(offer)
    await steward.groups.withdrawOffer(group, offer)
    expect(await codeOf(steward.groups.withdrawOffer(group, offer))).toBe('not-granted')
    around.pass(6 * 60_000)
    expect(await stateOf()).toEqual([])
    expect((await vault.grants.list()).map(({ state }) => state)).toEqual(['live'])
    expect(await rows()).toBe(1)
    await vault.consents.withdraw(offer)
    expect(await rows()).toBe(0)
  })
})

describe('accepting', () => {
  test('[A13] gives a grant of what is asked, and leaves the record on both sides', async () => {
    const offer = await open()
    const given = await vault.consents.accept(offer)
    const [grant] = await vault.grants.list()
    expect(grant).toMatchObject({ to: group, facets: [FACET], purpose: asked().purpose, state: 'live' })
    expect(given).toMatchObject({ offer, status: 'given', grant: grant!.grant, narrowed: false, until: grant!.until })
    expect(await stateOf()).toEqual(['accepted'])
    expect(await rows()).toBe(1)
    const [kept] = await steward.groups.consents(group)
    expect(kept).toMatchObject({ subject: bob.vault.owner, status: 'given', offer, version: given.version })
    expect(kept!.given).toEqual({ grant: grant!.grant, until: Date.parse(grant!.until) })
    expect(await reopen(bob).then(again => again.consents.receipt(offer))).toEqual({ ...given, told: 'told' })
  })

  test('[Z6] in de-identified data gives copies that say neither day nor name, of the records that there are', async () => {
    const codes = [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }]
    const collection = await folder(vault)
    const id = await vault.records.put('Immunization', { codes, date: '2024-05-17', note: 'Rose' }, { collection })
    const offer = await open({ deidentified: true })
    const given = await vault.consents.accept(offer)
    const [grant] = await vault.grants.list()
    expect(grant).toMatchObject({ grant: given.grant, facets: [FACET], state: 'live' })
    expect(grant!.selection).toMatchObject({ deidentified: true, follows: true })
    expect(grant!.selection!.records).toContain(id)
    const { rows: shown } = await (await reopen(alice)).views.open(group)
    const text = JSON.stringify(shown)
    expect(text).toContain('2024')
    for (const secret of ['2024-05-17', 'Rose', 'BCG', id]) expect(text).not.toContain(secret)
    await vault.consents.withdraw(offer)
    expect(await rows()).toBe(0)
  })

  test('[X11] is to what was read: to nothing that was not shown, or has changed since', async () => {
    const { offer } = await steward.groups.offer(group, asked())
    around.pass(6 * 60_000)
    const fieldOf = async (version?: string): Promise<unknown> => {
      const work = vault.consents.accept(offer, version === undefined ? {} : { version })
      const error: unknown = await work.catch((reason: unknown) => reason)
      return error instanceof AlveoleError ? error.detail['field'] : 'no error'
    }
    expect(await fieldOf()).toBe('unread')
    const [read] = await vault.groups.offers(group)
    await steward.groups.offer(group, { ...asked({ facets: ['health'] }), offer })
    around.pass(6 * 60_000)
    expect(await fieldOf()).toBe('changed')
    expect(await fieldOf(read!.version)).toBe('changed')
    expect(await vault.grants.list()).toEqual([])
    const [now] = await vault.groups.offers(group)
    expect(await fieldOf(read!.version)).toBe('changed')
    expect(await fieldOf(now!.version)).toBe('no error')
  })

  test('of nothing that there is gives nothing', async () => {
    const offer = await open({ deidentified: true, facets: ['travel'] })
    expect(await codeOf(vault.consents.accept(offer))).toBe('usage')
    expect(await vault.grants.list()).toEqual([])
  })

  test('narrowed: fewer facets, an earlier end; never more than was asked', async () => {
    const offer = await open({ facets: ['health', 'travel'] })
    const until = new Date(around.clock() + DAY)
    expect(await codeOf(vault.consents.accept(offer, { facets: ['work'] }))).toBe('usage')
    expect(await codeOf(vault.consents.accept(offer, { facets: ['health/nothing'] }))).toBe('usage')
    const later = new Date(around.clock() + 400 * DAY)
    expect(await codeOf(vault.consents.accept(offer, { until: later }))).toBe('usage')
    expect(await vault.grants.list()).toEqual([])
    await vault.consents.accept(offer, { facets: [FACET], until })
    expect((await vault.grants.list())[0]).toMatchObject({ facets: [FACET], until: until.toISOString() })
    expect(await stateOf()).toEqual(['narrowed'])
  })

  test('what is sensitive is given only where it is named', async () => {
    const offer = await open({ facets: ['health'] })
    const { facets, narrowed } = await vault.consents.accept(offer)
    expect(facets).not.toContain('health')
    expect(facets.some(path => path.startsWith('health/mental'))).toBe(false)
    expect(narrowed).toBe(true)
    const only = await open({ facets: ['health/mental'] })
    expect(await codeOf(vault.consents.accept(only))).toBe('usage')
    expect((await vault.consents.accept(only, { facets: ['health/mental'] })).facets).toEqual(['health/mental'])
  })

  test('once: the same again changes nothing, another choice is refused until it is withdrawn', async () => {
    const offer = await open({ facets: ['health', 'travel'] })
    const first = await vault.consents.accept(offer, { facets: [FACET] })
    expect(await vault.consents.accept(offer, { facets: [FACET] })).toMatchObject({ grant: first.grant })
    expect(await codeOf(vault.consents.accept(offer, { facets: ['health'] }))).toBe('refused')
    expect((await vault.grants.list()).length).toBe(1)
  })

  test('so many days from the day it is accepted, and over when they are', async () => {
    const offer = await open({ end: { days: 2 } })
    const at = around.clock()
    expect((await vault.consents.accept(offer)).until).toBe(new Date(at + 2 * DAY).toISOString())
    around.pass(3 * DAY)
    expect(await stateOf()).toEqual(['ended'])
  })

  test('an offer whose end has passed is not accepted', async () => {
    const offer = await open({ end: { until: around.clock() + DAY } })
    around.pass(2 * DAY)
    expect(await stateOf()).toEqual(['ended'])
    expect(await codeOf(vault.consents.accept(offer))).toBe('expired')
  })

  test('its grant shortened, narrowed, prolonged: the record says so, on both sides', async () => {
    const offer = await open({ facets: [FACET, 'travel'] })
    const { grant, until } = await vault.consents.accept(offer)
    const sooner = new Date(around.clock() + 5 * DAY)
    around.pass(1000)
    await vault.grants.extend(grant!, { until: sooner })
    expect(await stateOf()).toEqual(['narrowed'])
    around.pass(1000)
    await vault.grants.narrow(grant!, { facets: ['travel'] })
    const receipt = await vault.consents.receipt(offer)
    expect(receipt).toMatchObject({ status: 'given', facets: ['travel'], until: sooner.toISOString(), narrowed: true })
    await (await reopen(bob)).settle()
    const all = await steward.groups.consents(group)
    expect(all.map(({ facets, given }) => [facets.length, new Date(given!.until).toISOString()])).toEqual([
      [2, until],
      [2, sooner.toISOString()],
      [1, sooner.toISOString()],
    ])
    await vault.consents.withdraw(offer)
    expect((await vault.consents.list()).map(({ status }) => status)).toEqual(['given', 'given', 'given', 'withdrawn'])
  })

  test('an observer gives nothing', async () => {
    const offer = await open()
    await steward.groups.changeRole(group, bob.vault.owner, 'observer')
    expect(await codeOf(vault.consents.accept(offer))).toBe('refused')
  })

  test('what nobody asks is not accepted', async () => {
    const none = 'urn:uuid:00000000-0000-4000-8000-000000000000' as OfferId
    for (const work of ['accept', 'refuse', 'withdraw', 'receipt'] as const)
      expect(await codeOf(vault.consents[work](none))).toBe('not-granted')
    expect(await codeOf(vault.consents.accept('health' as OfferId))).toBe('usage')
  })
})

describe('refusing and withdrawing', () => {
  test('silence is no, and so is a refusal, which stays with who refused and costs nothing', async () => {
    const offer = await open()
    expect(await rows()).toBe(0)
    await vault.consents.refuse(offer)
    expect(await stateOf()).toEqual(['refused'])
    expect(await told()).toEqual([])
    expect((await steward.groups.members(group)).map(({ state }) => state)).toEqual(['member', 'member'])
    expect((await vault.groups.list())[0]).toMatchObject({ state: 'member', role: 'member' })
    expect(await vault.grants.list()).toEqual([])
    await vault.consents.accept(offer) // and one may think again
    expect(await stateOf()).toEqual(['accepted'])
  })

  test('a refusal is told where its person says so', async () => {
    await vault.consents.refuse(await open(), { tell: true })
    expect(await told()).toEqual([`${bob.vault.owner} refused`])
  })

  test('withdrawn as simply as given: by the offer, or by the grant', async () => {
    const [first, second] = [await open(), await open({ facets: ['travel', FACET] })]
    await vault.consents.accept(first)
    const { grant } = await vault.consents.accept(second)
    expect((await vault.consents.withdraw(first)).status).toBe('withdrawn')
    await vault.grants.revoke(grant!)
    expect(await stateOf()).toEqual(['withdrawn', 'withdrawn'])
    expect(await rows()).toBe(0)
    await (await reopen(bob)).settle() // tells what waited
    expect((await told()).sort()).toEqual(
      ['given', 'given', 'withdrawn', 'withdrawn'].map(s => `${bob.vault.owner} ${s}`),
    )
    expect(await codeOf(vault.consents.withdraw(first))).toBe('not-granted')
  })

  test('a grant that was for no offer is taken back without a record', async () => {
    await vault.grants.revoke(
      (await vault.grants.give({ ...asked(), to: group, until: new Date(around.clock() + DAY) })).grant,
    )
    expect(await vault.consents.list()).toEqual([])
  })
})

describe('asking again', () => {
  test('[X11] a changed offer grants nothing by itself, and what was given stands as it was', async () => {
    const offer = await open()
    const before = await vault.consents.accept(offer)
    await open({ offer, facets: [FACET, 'travel'] })
    const [now] = await vault.groups.offers(group)
    expect(now).toMatchObject({ offer, state: 'changed', consent: { version: before.version, status: 'given' } })
    expect((await vault.grants.list()).map(({ facets, state }) => [facets, state])).toEqual([[[FACET], 'live']])
    await vault.consents.accept(offer)
    expect(await stateOf()).toEqual(['accepted'])
    await vault.consents.withdraw(offer) // both
    expect((await vault.grants.list()).map(({ state }) => state)).toEqual(['ended', 'ended'])
    expect(await stateOf()).toEqual(['withdrawn'])
  })

  test('refused in its new form, what was given in the old one stands, and is still withdrawn by one call', async () => {
    const offer = await open()
    await vault.consents.accept(offer)
    expect(await codeOf(vault.consents.refuse(offer))).toBe('refused') // it is withdrawn, so that nothing is left standing behind a no
    await open({ offer, facets: [FACET, 'travel'] })
    await vault.consents.refuse(offer)
    const [now] = await vault.groups.offers(group)
    expect(now).toMatchObject({ state: 'refused', given: { status: 'given', facets: [FACET] } })
    await vault.consents.withdraw(offer)
    expect(await vault.groups.offers(group)).toMatchObject([{ state: 'refused', given: null }])
    expect(await rows()).toBe(0)
  })

  test('accepted in both forms, one of the two grants taken back: the other stands, and is told to', async () => {
    const offer = await open()
    const { grant } = await vault.consents.accept(offer)
    await open({ offer, facets: [FACET, 'travel'] })
    await vault.consents.accept(offer)
    await vault.grants.revoke(grant!)
    const [now] = await vault.groups.offers(group)
    expect(now).toMatchObject({ state: 'accepted', given: { facets: [FACET, 'travel'] } })
  })

  test('asks again whoever refused; an offer that is not there cannot be changed', async () => {
    const offer = await open()
    await vault.consents.refuse(offer)
    await open({ offer, end: { days: 1 } })
    expect(await stateOf()).toEqual(['changed'])
    const none = 'urn:uuid:00000000-0000-4000-8000-000000000000' as OfferId
    expect(await codeOf(steward.groups.offer(group, asked({ offer: none })))).toBe('not-granted')
  })
})

test('[A11] answers that are over go to the account’s pages, and are all found there', async () => {
  const offer = await open()
  const live = await open({ facets: [FACET, 'travel'] })
  await vault.consents.accept(live)
  for (let i = 0; i < 12; i++) {
    around.pass(1000)
    await vault.consents.refuse(offer)
  }
  const again = await reopen(bob)
  expect((await again.consents.list()).length).toBe(13)
  expect((await again.consents.receipt(live)).status).toBe('given')
  expect((await again.consents.withdraw(live)).status).toBe('withdrawn')
  expect(await stateOf(again)).toEqual(['refused', 'withdrawn'])
})

test('another device of one’s own knows what was answered', async () => {
  const offer = await open()
  await vault.consents.accept(offer)
  const { vault: laptop } = await secondDevice(bob)
  expect(await stateOf(laptop)).toEqual(['accepted'])
  expect((await laptop.consents.receipt(offer)).record).toBe((await vault.consents.receipt(offer)).record)
})

test('in everyday words, in both languages', async () => {
  const offer = await open({ facets: [FACET, 'photos/where'], legalBasis: euGdpr['A9-2-a'] })
  const { terms } = (await vault.groups.offers(group))[0]!
  const [fr, en] = [offerWords(terms, 'fr'), offerWords(terms, 'en')]
  expect(en.facets.map(({ label, sensitive }) => [label, sensitive])).toEqual([
    ['Health › Vaccinations', false],
    ['Photos › Where', true],
  ])
  expect(fr.facets[0]!.label).toBe('Santé › Vaccinations')
  expect(en.sentences.join(' ')).toContain('What for: Health research.')
  expect(fr.sentences.join(' ')).toContain('vous restez membre')
  const receipt = await vault.consents.accept(offer, { facets: [FACET] })
  const lines = [...consentWords(receipt, 'fr'), ...consentWords(receipt, 'en')].join('\n')
  for (const words of [
    'Accord donné',
    'Agreed on',
    'Coop',
    'dpo@coop.example',
    receipt.version,
    '– Santé › Vaccinations',
  ])
    expect(lines).toContain(words)
  expect(lines).not.toContain('– Photos')
})
