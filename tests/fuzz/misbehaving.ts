/** Workers that a watcher must not wait for; `parser` says which. */
import { workerData } from 'node:worker_threads'
import type { Task } from './worker.ts'

const { parser: how, counts, current } = workerData as Task
const kept: object[] = []
const forever = (work: () => unknown): never => {
  for (;;) work()
}

const begins = (): void => {
  current.set([0, 7])
  counts[1] = 2
  Atomics.add(counts, 0, 1)
}

if (how === 'never starts') forever(() => 0)
begins()
if (how === 'hangs') forever(() => 0)
if (how === 'fills buffers') forever(() => kept.push(new Uint8Array(2 ** 22).fill(1)))
if (how === 'fills its heap') forever(() => kept.push(Array.from({ length: 1000 }, () => ({}))))
if (how === 'throws behind its back') setTimeout(() => JSON.parse('x'))
