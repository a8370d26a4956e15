/** The key tree of a group: who climbs to the secret, who does not, and what a change rewrites. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkStewardKey,
  climb,
  concat,
  drawSeeds,
  edited,
  emptyTrie,
  enrolledKeys,
  equal,
  groupLeaf,
  hash,
  leafKey,
  leavesOf,
  openEnrolment,
  publicOf,
  random,
  readTree,
  renewed,
  renewedChild,
  sealEnrolment,
  sealNode,
  toHex,
  treeShelf,
  type Child,
  type Edit,
  type Leaf,
  type StewardKeys,
  type StoredObject,
} from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { BUCKET } from '../../crypto/trie.ts'
import { put, readFrom, type Disk } from './reading.ts'
import { codeOf } from './support.ts'

const group = random(32)
const people = Array.from({ length: 6 }, () => {
  const { kem: seed } = drawSeeds()
  const { kem } = publicOf({ sign: seed, kem: seed })
  return { seed, kem, leaf: groupLeaf(group, kem) }
})
type Person = (typeof people)[number]
const [ann, ben, cyd] = people as [Person, Person, Person]

/** A group's tree on a disk, as its stewards keep it. */
class Grove {
  readonly disk: Disk = new Map()
  keys: StewardKeys = { group, steward: random(32) }
  root = new Uint8Array() as Uint8Array
  secret = random(32)
  /** What the last change stored. */
  stored: StoredObject[] = []

  change(edits: readonly Edit<Leaf>[], secret = this.secret): void {
    this.stored = []
    const shelf = treeShelf(this.keys, this.stored)
    const before = this.root.length ? readTree(group, this.root) : emptyTrie<Leaf, Child>()
    this.commit(readFrom(this.disk, edited(shelf, before, edits)), secret)
  }

  commit(node: Parameters<typeof sealNode>[1], secret: Uint8Array): void {
    this.secret = secret
    this.root = sealNode(this.keys, node, secret).bytes
    put(this.disk, ...this.stored)
  }

  admit(...who: Person[]): void {
    const edits = who.map(({ kem, leaf }) => {
      const enrolment = sealEnrolment('group-enrolment', group, [{ kem, key: leafKey(this.keys, leaf) }])
      put(this.disk, enrolment)
      return { name: leaf, leaf: { id: leaf, enrolment: enrolment.sealId } }
    })
    this.change(edits)
  }

  /** Leaves of nobody here, to fill the tree. */
  fill(count: number): void {
    const ids = Array.from({ length: count }, () => random(16))
    this.change(ids.map(id => ({ name: id, leaf: { id, enrolment: random(16) } })))
  }

  remove(...who: Person[]): void {
    this.change(
      who.map(({ leaf }) => ({ name: leaf, leaf: null })),
      random(32),
    )
  }

  climb({ seed }: Person, root = this.root, asked: string[] = []): Uint8Array | null {
    return readFrom(this.disk, climb(group, root, seed), asked)
  }

  get size(): number {
    return readFrom(this.disk, leavesOf(treeShelf(this.keys, []), readTree(group, this.root))).length
  }
}

const grove = (fill: number, ...who: Person[]): Grove => {
  const of = new Grove()
  if (fill) of.fill(fill)
  of.admit(...who)
  return of
}
const rowsIn = (leaves: Item): Uint8Array[] => [0, 1].map(i => (leaves as Uint8Array).subarray(48 * i, 48 * (i + 1)))
/** A page with another node in it. */
const rewritten = (page: Uint8Array, change: (node: Item[]) => Item): Uint8Array => {
  const [head, [type, node]] = decodeCbor(page) as [Uint8Array, [string, Item[]]]
  return encodeCbor([head, [type, change(node)]])
}

describe('a key tree', () => {
  it.each([0, 61, 62, 63, 200, 2000])('[T1] [T5] [T6] leads every leaf to the secret, beside %i others', fill => {
    const of = grove(fill, ann, ben, cyd)
    for (const who of [ann, ben, cyd]) expect(of.climb(who)).toEqual(of.secret)
    expect(of.size).toBe(fill + 3)
    expect(readTree(group, of.root).type).toBe(fill + 3 > BUCKET ? 'inner' : 'bucket')
  })

  it('[T2] gives null to whoever has no leaf', () => {
    for (const fill of [0, 200]) expect(grove(fill, ann).climb(ben)).toBeNull()
    const of = grove(200, ann)
    of.remove(ann)
    expect(of.climb(ann)).toBeNull()
  })

  it('[T2] [T10] goes on without what is not there', () => {
    const of = new Grove()
    const ids = Array.from({ length: BUCKET + 1 }, () =>
      Uint8Array.from(random(16), (byte, i) => (i ? byte : byte | 0xf0)),
    )
    of.change(ids.map(id => ({ name: id, leaf: { id, enrolment: random(16) } }))) // fifteen of sixteen slots are empty
    for (const who of people) expect(of.climb(who)).toBeNull()
    expect(codeOf(() => checkStewardKey(of.keys, of.root))).toBe('no error')
    expect(codeOf(() => checkStewardKey({ ...of.keys, steward: random(32) }, of.root))).toBe('tampered')
  })

  it('[T5] rewrites the path alone', () => {
    const of = grove(10_000, ann, ben)
    of.remove(ann)
    expect(of.stored).toHaveLength(2) // an inner page and a bucket, and the root in the head
    const bytes = of.stored.reduce((sum, { bytes }) => sum + bytes.length, of.root.length)
    expect(bytes).toBeLessThan(7000)
    const asked: string[] = []
    expect(of.climb(ben, of.root, asked)).toEqual(of.secret)
    expect(asked).toHaveLength(3) // the two, and the enrolment
    expect(of.size).toBe(10_001)
  })

  it('[T5] empties and fills again', () => {
    const of = grove(70, ann)
    const leaves = readFrom(of.disk, leavesOf(treeShelf(of.keys, []), readTree(group, of.root)))
    of.change(leaves.filter(({ id }) => !equal(id, ann.leaf)).map(({ id }) => ({ name: id, leaf: null })))
    expect(of.size).toBe(1)
    expect(of.climb(ann)).toEqual(of.secret)
    of.admit(ben)
    expect(of.climb(ben)).toEqual(of.secret)
  })

  it('keeps who came and did not go, in any order of comings and goings', () => {
    const step = fc.record({ who: fc.nat(people.length - 1), comes: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.constantFrom(0, 62, 300), (steps, fill) => {
        const of = grove(fill, ann)
        const [members, pasts] = [new Set([0]), new Map<number, string>()]
        for (const { who, comes } of steps.filter(({ who }) => who > 0)) {
          if (comes) of.admit(people[who]!)
          else of.remove(people[who]!)
          members[comes ? 'add' : 'delete'](who)
          if (!comes) pasts.set(who, toHex(of.secret))
          for (const [i, one] of people.entries()) expect(of.climb(one)).toEqual(members.has(i) ? of.secret : null)
        }
        expect(of.size).toBe(fill + members.size)
      }),
      { numRuns: 12 },
    )
  })
})

describe('who is removed', () => {
  it('[T9] finds no wrap in any page that is written since, of lost attempts neither', () => {
    const of = grove(200, ann, ben, cyd)
    const before = { root: of.root, secret: of.secret }
    of.remove(ben) // lost: somebody else was first
    const lost = { root: of.root, stored: of.stored }
    Object.assign(of, before)
    of.remove(cyd) // won
    const won = of.stored
    of.remove(ben) // done again, on what is there
    for (const gone of [ben, cyd]) expect(of.climb(gone)).toBeNull()
    expect(of.climb(ann)).toEqual(of.secret)
    expect(of.climb(cyd, lost.root)).not.toEqual(of.secret) // of the attempt before she went, which is of no use
    expect(of.climb(ben, lost.root)).toBeNull()
    const names = (objects: readonly StoredObject[]) => objects.map(({ sealId }) => toHex(sealId))
    expect(new Set([...names(lost.stored), ...names(won), ...names(of.stored)]).size).toBe(
      lost.stored.length + won.length + of.stored.length,
    )
  })

  it('[T7] is not brought back by an older page', () => {
    const of = grove(200, ann, ben)
    const old = new Map(of.disk)
    of.remove(ben)
    const [bucket] = of.stored
    for (const [name, bytes] of old) {
      const disk = new Map(of.disk).set(toHex(bucket!.sealId), bytes)
      expect(
        codeOf(() => readFrom(disk, climb(group, of.root, ben.seed))),
        name,
      ).not.toBe('usage')
      const shelf = treeShelf(of.keys, [])
      expect(codeOf(() => readFrom(disk, leavesOf(shelf, readTree(group, of.root))))).toBe('tampered')
    }
  })
})

describe('a page', () => {
  const of = grove(0, ann, ben)
  const at = (root: Uint8Array) => codeOf(() => of.climb(ann, root))

  it('[T6] gives no key but the one it commits to', () => {
    expect(at(rewritten(of.root, ([, ...rest]) => [random(32), ...rest]))).toBe('tampered')
    const swapped = ([commitment, enrolments, numbers, leaves]: Item[]): Item => {
      const [a, b] = rowsIn(leaves!) as [Uint8Array, Uint8Array]
      const crossed = concat(a.subarray(0, 16), b.subarray(16), b.subarray(0, 16), a.subarray(16))
      return [commitment!, enrolments!, numbers!, crossed]
    }
    expect(at(rewritten(of.root, swapped))).toBe('tampered')
  })

  it('[T5] has one spelling', () => {
    const other = random(16)
    const bad: ((node: Item[]) => Item)[] = [
      node => node.with(3, concat(...rowsIn(node[3]!).toReversed())),
      node => node.with(1, (node[1] as Item[]).toReversed()),
      node => node.with(1, [...(node[1] as Item[]), other]),
      node => node.with(2, [...(node[2] as Item[]), 0]),
      node => [node[0]!, node[1]!, [...(node[2] as Item[]), 0], concat(...rowsIn(node[3]!), rowsIn(node[3]!)[1]!)],
      node => node.with(2, [5, 5]),
      ([commitment]) => [commitment!, [], [], new Uint8Array()],
    ]
    for (const change of bad) expect(codeOf(() => readTree(group, rewritten(of.root, change)))).toBe('tampered')
    const deep = grove(200, ann)
    const slots: ((node: Item[]) => Item)[] = [
      ([commitment, children]) => [commitment!, (children as Item[]).slice(1)],
      ([commitment]) => [commitment!, Array.from({ length: 16 }, () => null)],
    ]
    for (const change of slots) expect(codeOf(() => deep.climb(ann, rewritten(deep.root, change)))).toBe('tampered')
  })

  it('[O3] is of its group', () => {
    expect(codeOf(() => readFrom(of.disk, climb(random(32), of.root, ann.seed)))).toBe('tampered')
  })
})

describe('an enrolment', () => {
  const keys = { group, steward: random(32) }
  const members = [ann, ben].map(({ kem, leaf }) => ({ kem, key: leafKey(keys, leaf) }))
  const sealed = sealEnrolment('group-enrolment', group, members).bytes

  it('[T8] gives each member the key of the own leaf, and null to others', () => {
    for (const { seed, leaf } of [ann, ben])
      expect(openEnrolment('group-enrolment', group, seed, sealed)).toEqual(leafKey(keys, leaf))
    expect(openEnrolment('group-enrolment', group, cyd.seed, sealed)).toBeNull()
  })

  it('[T8] [S3] is of its group and kind, sorted, and of its leaves', () => {
    const rows = (change: (rows: Item[]) => Item[]): Uint8Array => {
      const [head, all] = decodeCbor(sealed) as [Uint8Array, Item[]]
      return encodeCbor([head, change(all)])
    }
    const open = (bytes: Uint8Array) => codeOf(() => openEnrolment('group-enrolment', group, ann.seed, bytes))
    expect(codeOf(() => openEnrolment('group-stewards', group, ann.seed, sealed))).toBe('tampered')
    expect(codeOf(() => openEnrolment('group-enrolment', random(32), ann.seed, sealed))).toBe('tampered')
    expect(open(rows(all => all.toReversed()))).toBe('tampered')
    expect(open(rows(all => [...all, all[1]!]))).toBe('tampered')
    const crossed = rows(([a, b]) => [(a as Item[]).with(1, (b as Item[])[1]!), b!])
    expect(codeOf(() => enrolledKeys('group-enrolment', group, crossed))).toBe('tampered')
    expect(
      enrolledKeys('group-enrolment', group, sealed)
        .map(({ kem }) => toHex(hash(kem)))
        .sort(),
    ).toEqual([ann, ben].map(({ kem }) => toHex(hash(kem))).sort())
  })

  it('[T8] [S3] is read for its public keys as what it is, and opens beside our own alone', () => {
    expect(codeOf(() => enrolledKeys('group-stewards', group, sealed))).toBe('tampered')
    expect(codeOf(() => enrolledKeys('group-enrolment', random(32), sealed))).toBe('tampered')
    const [head, all] = decodeCbor(sealed) as [Uint8Array, Item[][]]
    const others = all.map(row => (equal(row[0] as Uint8Array, ann.leaf) ? row.with(1, ben.kem) : row))
    const beside = encodeCbor([head, others])
    expect(codeOf(() => openEnrolment('group-enrolment', group, ann.seed, beside))).toBe('tampered')
  })

  it('[T8] of others in the place of ours is refused', () => {
    const of = grove(0, ann)
    const [enrolment] = of.disk.keys()
    const { bytes } = sealEnrolment('group-enrolment', group, [{ kem: ben.kem, key: random(32) }])
    of.disk.set(enrolment!, bytes)
    expect(codeOf(() => of.climb(ann))).toBe('tampered')
  })

  it('[T3] has keys of 32 bytes', () => {
    const short = sealEnrolment('group-enrolment', group, [{ kem: ann.kem, key: random(31) }]).bytes
    expect(codeOf(() => openEnrolment('group-enrolment', group, ann.seed, short))).toBe('tampered')
  })

  it('by whoever has only the public key gives no secret', () => {
    const of = grove(0, ann)
    const [enrolment] = of.disk.keys()
    const forged = sealEnrolment('group-enrolment', group, [{ kem: ann.kem, key: random(32) }])
    of.disk.set(enrolment!, forged.bytes)
    expect(codeOf(() => of.climb(ann))).toBe('tampered')
  })
})

describe('a new steward key', () => {
  /** Everybody is enrolled: nobody's public key is asked for elsewhere. */
  it.each([0, 62])('[T9] enrols every leaf anew but those that go, beside %i others', fill => {
    const of = new Grove()
    const others = Array.from({ length: fill }, () => {
      const { kem } = publicOf(drawSeeds())
      return { seed: random(32), kem, leaf: groupLeaf(group, kem) }
    })
    of.admit(ann, ben, cyd, ...others)
    const old = leafKey(of.keys, ben.leaf)
    of.keys = { group, steward: random(32) }
    of.stored = []
    const renewal = { keys: of.keys, without: new Set([toHex(ben.leaf)]), stored: of.stored }
    const before = readTree(group, of.root)
    if (before.type === 'bucket') of.commit(readFrom(of.disk, renewed(renewal, before, 0)), random(32))
    else {
      const children = before.children.map(one => one && readFrom(of.disk, renewedChild(renewal, one, 1)))
      of.commit({ type: 'inner', children }, random(32))
    }
    for (const who of [ann, cyd]) expect(of.climb(who)).toEqual(of.secret)
    expect(of.climb(ben)).toBeNull()
    expect(of.size).toBe(fill + 2)
    expect(leafKey(of.keys, ben.leaf)).not.toEqual(old)
    of.admit(ben)
    expect(of.climb(ben)).toEqual(of.secret)
  })
})
