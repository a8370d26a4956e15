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
  sorted,
  uint,
  type Read,
  type Shape,
} from './shape.ts'

const header = fields({ version: is(1), type: is('group-node'), sealId: id, group: key })
const page = fields({ header: bytes, node: fields({ kind: is('bucket', 'inner'), content: anything }) })
const leaf = fields({ id, enrolment: uint, wrap: key })
const child = fields({ sealId: id, hash: key, wrap: key })
const bucket = fields({ commitment: key, enrolments: sorted(id, one => one), leaves: sorted(leaf, one => one.id) })
const inner = fields({ commitment: key, children: rows(orNull(child)) })

type Node = { header: Uint8Array } & (
  | ({ kind: 'bucket' } & Shape<typeof bucket>)
  | ({ kind: 'inner' } & Shape<typeof inner>)
)

function read(from: Uint8Array, group: Uint8Array): Node {
  const { header: head, node } = parse(page, from)
  need(same(parse(header, head).group, group))
  return node.kind === 'bucket' ? asBucket(head, node.content) : asInner(head, node.content)
}

function asBucket(head: Uint8Array, content: Parameters<Read<unknown>>[0]): Node {
  const of = bucket(content)
  const used = new Set(of.leaves.map(({ enrolment }) => enrolment))
  need(of.leaves.length > 0 && used.size === of.enrolments.length)
  need([...used].every(number => number < of.enrolments.length))
  return { header: head, kind: 'bucket', ...of }
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
    steps.push([at, Uint8Array.of(slot), below.wrap])
    const stored = find(below.sealId)
    need(same(hash(stored), below.hash)) // T7
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
    const { sealId, wrap } = at.children[slot]!
    up(at, kdf(steward, 'group node', encode([1, 'group-node', sealId, group])), Uint8Array.of(slot), wrap)
  }
}
