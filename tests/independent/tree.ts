/** SPEC §15 (T5-T7, T10): the key tree, climbed by a member, and tried with a steward key. */
import { encode, hex, join, need, same } from './cbor.ts'
import type { Find } from './pages.ts'
import { hash, kdf } from './primitives.ts'
import {
  anything,
  bytes,
  fields,
  id,
  is,
  key,
  orNull,
  parse,
  rows,
  sized,
  sorted,
  uint,
  type Read,
  type Shape,
} from './shape.ts'

const header = fields({ version: is(1), type: is('group-node'), sealId: id, group: key })
const page = fields({ header: bytes, node: fields({ kind: is('bucket', 'inner'), content: anything }) })
const slot = sized(80)
const bucket = fields({ commitment: key, enrolments: sorted(id, one => one), of: rows(uint), leaves: bytes })
const inner = fields({ commitment: key, children: rows(orNull(slot)) })
interface Leaf {
  id: Uint8Array
  enrolment: number
  wrap: Uint8Array
}

type Node = { header: Uint8Array } & (
  | { kind: 'bucket'; commitment: Uint8Array; enrolments: Uint8Array[]; leaves: Leaf[] }
  | ({ kind: 'inner' } & Shape<typeof inner>)
)

function read(from: Uint8Array, group: Uint8Array): Node {
  const { header: head, node } = parse(page, from)
  need(same(parse(header, head).group, group))
  return node.kind === 'bucket' ? asBucket(head, node.content) : asInner(head, node.content)
}

function asBucket(head: Uint8Array, content: Parameters<Read<unknown>>[0]): Node {
  const { commitment, enrolments, of, leaves: all } = bucket(content)
  need(of.length > 0 && all.length === 48 * of.length)
  const leaves = of.map((enrolment, i) => {
    const row = all.subarray(48 * i, 48 * (i + 1))
    return { id: row.subarray(0, 16), enrolment, wrap: row.subarray(16) }
  })
  need(leaves.every((leaf, i) => i === 0 || Buffer.compare(leaves[i - 1]!.id, leaf.id) < 0))
  const used = new Set(of)
  need(used.size === enrolments.length && [...used].every(number => number < enrolments.length))
  return { header: head, kind: 'bucket', commitment, enrolments, leaves }
}

function asInner(head: Uint8Array, content: Parameters<Read<unknown>>[0]): Node {
  const of = inner(content)
  need(of.children.length === 16 && of.children.some(one => one !== null))
  return { header: head, kind: 'inner', ...of }
}

/** T6: from the key of what is below a node to the node's own. */
function up({ header: head, commitment }: Node, below: Uint8Array, place: Uint8Array, wrap: Uint8Array): Uint8Array {
  const pad = kdf(below, 'group wrap', join(head, place))
  const own = wrap.map((byte, i) => byte ^ pad[i]!)
  need(same(kdf(own, 'group commitment', head), commitment))
  return own
}

/** The root's key; null where the leaf is not in the tree. `keyIn` opens the enrolment that the leaf names. */
export function climb(
  group: Uint8Array,
  root: Uint8Array,
  leafId: Uint8Array,
  find: Find,
  keyIn: (enrolment: Uint8Array) => Uint8Array,
): Uint8Array | null {
  const digits = hex(leafId)
  const steps: [Node, place: Uint8Array, wrap: Uint8Array][] = []
  let at = read(root, group)
  for (let depth = 0; at.kind === 'inner'; depth++) {
    need(depth < digits.length)
    const slot = Number.parseInt(digits[depth]!, 16)
    const below = at.children[slot]
    if (!below) return null
    steps.push([at, Uint8Array.of(slot), below.subarray(48)])
    const stored = find(below.subarray(0, 16))
    need(same(hash(stored), below.subarray(16, 48))) // T7
    at = read(stored, group)
  }
  const mine = at.leaves.find(each => same(each.id, leafId))
  if (!mine) return null
  steps.push([at, leafId, mine.wrap])
  const own = keyIn(find(at.enrolments[mine.enrolment]!))
  return steps.reduceRight((below, [node, place, wrap]) => up(node, below, place, wrap), own)
}

/** T10: what a steward key gives for something below the root leads to what the root commits to, or this throws. */
export function tryStewardKey(group: Uint8Array, steward: Uint8Array, root: Uint8Array): void {
  const at = read(root, group)
  if (at.kind === 'bucket') {
    const [first] = at.leaves
    up(at, kdf(steward, 'group leaf key', join(group, first!.id)), first!.id, first!.wrap)
  } else {
    const slot = at.children.findIndex(one => one !== null)
    const first = at.children[slot]!
    const below = kdf(steward, 'group node', encode([1, 'group-node', first.subarray(0, 16), group]))
    up(at, below, Uint8Array.of(slot), first.subarray(48))
  }
}
