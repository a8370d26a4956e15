/**
 * [A25] Readers who put their keys together, over every set of grants of a small lattice: facets × epochs. What opens is what their
 * grants say, one by one, and nothing that only the two together might be thought to mean.
 */
import { describe, expect, test } from 'vitest'
import {
  drawEpochKey,
  epochName,
  facetKey,
  hash,
  narrow,
  openSection,
  openSegment,
  random,
  sealSegment,
  toHex,
} from '#crypto'
import {
  equal,
  openGrantPage,
  openKeyring,
  sealKeyring,
  utf8,
  type EpochKey,
  type GrantKey,
  type OwnerPart,
} from '#crypto'
import { kemPublic } from '../../crypto/primitives.ts'
import { planEpochs } from '../../client/core/collections/epochs.ts'
import type { Wanted } from '../../client/core/collections/wanted.ts'

/** A tree with a leaf at the top's side: a broader facet, two narrower ones, a neighbour. */
const FACETS = ['health', 'health/a', 'health/b', 'photos']
const LEAVES = ['health/a', 'health/b', 'photos']
const EPOCHS = [0, 1, 2]
const subsets = <T>(of: readonly T[]): T[][] =>
  of.reduce<T[][]>((sets, item) => [...sets, ...sets.map(set => [...set, item])], [[]]).filter(set => set.length)

const [owner, collection] = ['https://alice.example/#me', random(16)]
const epochs = EPOCHS.map(() => ({ id: random(8), key: drawEpochKey() }))
const sections = epochs.flatMap(({ id }) =>
  LEAVES.map(facet => ({ epoch: epochName(id), facet, cells: [cellOf(id, facet)] })),
)
function cellOf(id: Uint8Array, facet: string) {
  return { record: '00'.repeat(16), stamp: 1, kind: 'x', properties: { at: `${toHex(id)} ${facet}` } }
}
const keyOf = (epoch: string): EpochKey => epochs.find(({ id }) => epochName(id) === epoch)!.key
const sealed = await sealSegment(owner, collection, sections, (epoch, facet) => facetKey(keyOf(epoch), facet))
const segment = openSegment(sealed.bytes, owner, collection, sealed.key)

/** All that opens with these keys, each taken for any facet and epoch that it might reach. */
async function opened(keys: readonly GrantKey[]): Promise<string[]> {
  const derived = keys.flatMap(({ facet, key }) => [
    key,
    ...LEAVES.filter(leaf => leaf.startsWith(`${facet}/`)).map(leaf => narrow(key, facet, leaf)),
    // and whatever else can be derived by going on as if it were another facet's
    ...FACETS.flatMap(other =>
      LEAVES.filter(leaf => leaf.startsWith(`${other}/`)).map(leaf => narrow(key, other, leaf)),
    ),
  ])
  const cells = (await Promise.all(derived.map(async key => openSection(segment, key)))).flatMap(found => found ?? [])
  return [...new Set(cells.map(({ properties }) => String(properties!['at'])))].sort()
}

const rectangle = (facet: string, held: readonly number[]): string[] =>
  held.flatMap(at =>
    LEAVES.filter(leaf => `${leaf}/`.startsWith(`${facet}/`)).map(leaf => `${toHex(epochs[at]!.id)} ${leaf}`),
  )
const keysOf = (facet: string, held: readonly number[]): GrantKey[] =>
  held.map(at => ({ epoch: epochs[at]!.id, facet, key: facetKey(epochs[at]!.key, facet) }))

describe('[A25] any two grants together', () => {
  const grants = FACETS.flatMap(facet => subsets(EPOCHS).map(held => ({ facet, held })))

  test('open what each opens, over every pair of facets and every pair of sets of epochs', async () => {
    expect(grants).toHaveLength(28)
    for (const [i, one] of grants.entries())
      for (const other of grants.slice(i)) {
        const both = [one, other].flatMap(({ facet, held }) => keysOf(facet, held))
        const meant = new Set([one, other].flatMap(({ facet, held }) => rectangle(facet, held)))
        expect({ one, other, opened: await opened(both) }).toEqual({ one, other, opened: [...meant].sort() })
      }
  })

  test('so facet 1 late and facet 2 early do not make facet 2 late', async () => {
    const both = [...keysOf('health/a', [2]), ...keysOf('health/b', [0])]
    expect(await opened(both)).not.toContain(rectangle('health/b', [2])[0])
  })
})

describe('[A25] two readers, over every history of three steps at each of which either reads or does not', () => {
  const seeds = [random(32), random(32)] as const
  const kems = seeds.map(kemPublic)
  const facets = ['health/a', 'health/b']
  const histories = subsets([0, 1, 2, 3, 4, 5]).map(set =>
    EPOCHS.map(step => [0, 1].map(who => set.includes(2 * step + who))),
  )

  test('together open, of each facet, what was written until its reader last read, and nothing later', () => {
    expect(histories).toHaveLength(63)
    for (const history of histories) {
      let last: OwnerPart | null = null
      const together: GrantKey[] = []
      const written = history.map(live => {
        const wanted = [0, 1].filter(who => live[who]).map(who => grantOf(who, kems[who]!, facets[who]!))
        const plan = planEpochs(last, wanted, { writes: true }, 1)
        if (plan.envelopes) together.push(...received(plan.epoch, plan.envelopes, seeds))
        last = plan.owner
        return plan.owner.epochs.at(-1)!.key as EpochKey
      })
      for (const [who, facet] of facets.entries()) {
        const until = history.findLastIndex(live => live[who])
        const opens = written.map(epoch => together.some(({ key }) => equal(key, facetKey(epoch, facet))))
        expect({ history, facet, opens }).toEqual({ history, facet, opens: EPOCHS.map(step => step <= until) })
      }
    }
  })
})

const grantOf = (who: number, to: Uint8Array, facet: string): Wanted => ({
  grant: hash(utf8(`grant ${who}`)).slice(0, 16),
  to,
  checked: true,
  suspended: false,
  giving: false,
  agreement: utf8('agreed'),
  facets: [facet],
  epochs: 'all',
  held: [],
})

/** What two who share all they have take out of a keyring: every envelope, tried with every seed. */
function received(
  epoch: Uint8Array,
  envelopes: Parameters<typeof sealKeyring>[3],
  seeds: readonly Uint8Array[],
): GrantKey[] {
  const { bytes } = sealKeyring(owner, collection, epoch, envelopes)
  return envelopes.flatMap(({ grant }) => {
    const of = openKeyring(bytes, { owner, collection, grant }, [...seeds])!
    return openGrantPage(grant, of, of.page.sealed!).keys
  })
}
