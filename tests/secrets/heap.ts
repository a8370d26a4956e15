/**
 * All that a Node process can still reach: the bytes of every buffer, WebAssembly's memory among them, and every string.
 * A heap snapshot has the strings, pieces of them under the ropes that make them up, but no buffer's bytes; the inspector finds
 * the buffers. Run with `--heap-snapshot-string-limit`, or long strings are cut.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Runtime } from 'node:inspector'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { writeHeapSnapshot } from 'node:v8'

const [BUFFERS, SNAPSHOT] = ['buffers', 'heapsnapshot']

/** As flags of the process that is looked at. */
export const LOOKED_AT = ['--heap-snapshot-string-limit=1000000000']

/** Leaves nothing of what it reads in the heap that it reads. */
export async function dumpHeap(folder: string): Promise<void> {
  writeHeapSnapshot(join(folder, SNAPSHOT))
  const file = openSync(join(folder, BUFFERS), 'w')
  const session = new Session()
  session.connect()
  Object.assign(globalThis, { writeTo: (bytes: Uint8Array) => writeSync(file, bytes) })
  for (const prototype of [
    'Object.getPrototypeOf(Uint8Array.prototype)',
    'ArrayBuffer.prototype',
    'SharedArrayBuffer.prototype',
  ]) {
    const { result } = await session.post('Runtime.evaluate', { expression: prototype })
    const { objects } = await session.post('Runtime.queryObjects', { prototypeObjectId: result.objectId! })
    const of: Runtime.CallFunctionOnParameterType = {
      objectId: objects.objectId!,
      functionDeclaration: String(writeAll),
    }
    const { exceptionDetails } = await session.post('Runtime.callFunctionOn', of)
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description)
  }
  session.disconnect()
  closeSync(file)
}

/** Runs in the inspector, on the list of what it found: whole buffers, also where only a part is looked at. */
function writeAll(this: readonly (ArrayBufferView | ArrayBufferLike)[]): void {
  const { writeTo } = globalThis as unknown as { writeTo: (bytes: Uint8Array) => void }
  const seen = new Set<ArrayBufferLike>()
  for (const one of this) {
    const isReal = ArrayBuffer.isView(one) || one instanceof ArrayBuffer || one instanceof SharedArrayBuffer
    if (!isReal) continue // a prototype itself
    const buffer = ArrayBuffer.isView(one) ? one.buffer : one
    if (seen.has(buffer) || !buffer.byteLength) continue
    seen.add(buffer)
    writeTo(new Uint8Array(buffer))
  }
}

/** What was written of it: buffers end to end, and strings, a line each. */
export function readHeap(folder: string): { buffers: Buffer; strings: Buffer } {
  const snapshot = JSON.parse(readFileSync(join(folder, SNAPSHOT), 'utf8')) as Snapshot
  return {
    buffers: readFileSync(join(folder, BUFFERS)),
    strings: Buffer.from([...snapshot.strings, ...ropes(snapshot)].join('\n')),
  }
}

interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]]; edge_fields: string[] } }
  nodes: number[]
  edges: number[]
  strings: string[]
}

const isPiece = (edge: string): boolean => edge === 'first' || edge === 'second'

/** Strings that were put together and not written out yet: V8 keeps them as trees of their pieces. */
function ropes({ snapshot: { meta }, nodes, edges, strings }: Snapshot): string[] {
  const [width, edgeWidth] = [meta.node_fields.length, meta.edge_fields.length]
  const [type, name, edgeCount] = ['type', 'name', 'edge_count'].map(field => meta.node_fields.indexOf(field)) as [
    number,
    number,
    number,
  ]
  const rope = meta.node_types[0].indexOf('concatenated string')
  const pieces = new Map<number, number[]>()
  for (let node = 0, edge = 0; node < nodes.length; node += width) {
    const end = edge + nodes[node + edgeCount]! * edgeWidth
    if (nodes[node + type] !== rope) {
      edge = end
      continue
    }
    const to: number[] = []
    for (; edge < end; edge += edgeWidth) if (isPiece(strings[edges[edge + 1]!]!)) to.push(edges[edge + 2]!)
    pieces.set(node, to)
  }
  const inner = new Set([...pieces.values()].flat())
  const whole = (node: number): string =>
    pieces.has(node) ? pieces.get(node)!.map(whole).join('') : (strings[nodes[node + name]!] ?? '')
  return [...pieces.keys()].filter(node => !inner.has(node)).map(whole)
}
