/** Runs tests of one mutant after the other. The runner ends it where a mutant never comes back. */
import * as fc from 'fast-check'
import { Coverage } from './coverage.ts'
import type { Cost, MeasuredFile, Order, Report } from './messages.ts'
import { become, load } from './modules.ts'
import { collect, type Test } from './suite.ts'

/** The same inputs for every mutant, and no shrinking: it fails or it does not. */
fc.configureGlobal({ seed: 1, endOnFailure: true })

const tell = (report: Report): void => void process.send!(report)
const why = (error: unknown): string => String(error).split('\n')[0]!.slice(0, 120)

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now()
  const value = await work()
  return { value, ms: performance.now() - start }
}

async function failure(test: Test): Promise<string | null> {
  try {
    await test.run()
    return null
  } catch (error) {
    return why(error)
  }
}

async function measure(files: readonly string[], coverage: Coverage): Promise<Report> {
  become(null)
  await load('crypto/index.ts')
  const atStart = coverage.take()
  const measured: MeasuredFile[] = []
  for (const file of files) {
    tell({ kind: 'running', test: { file } })
    const { value: tests, ms } = await timed(() => collect(() => load(file)))
    const hits = coverage.take()
    const costs: (Cost & { name: string; failed: string | null })[] = []
    for (const test of tests) {
      const { value: failed, ms } = await timed(() => failure(test))
      costs.push({ name: test.name, failed, ms, hits: coverage.take() })
    }
    measured.push({ file, ms, hits, tests: costs })
  }
  coverage.end()
  return { kind: 'measured', atStart, files: measured }
}

async function attempt({ change, tests }: Order & { kind: 'try' }): Promise<[killedBy: string | null, why: string]> {
  become(change)
  for (const { file, indexes } of tests) {
    tell({ kind: 'running', test: { file } })
    let found: Test[]
    try {
      found = await collect(() => load(file))
    } catch (error) {
      return [file, why(error)]
    }
    for (const index of indexes) {
      tell({ kind: 'running', test: { file, index } })
      const test = found[index]
      const failed = test ? await failure(test) : 'a test less'
      if (failed) return [`${file}: ${test?.name}`, failed]
    }
  }
  return [null, '']
}

const tried = (killedBy: string | null, why: string): Report => ({
  kind: 'tried',
  killedBy,
  why,
  heapMb: process.memoryUsage().heapUsed / 2 ** 20,
})

async function answer(order: Order): Promise<Report> {
  return order.kind === 'measure' ? measure(order.files, new Coverage(order.places)) : tried(...(await attempt(order)))
}

process.on('message', (order: Order) => {
  answer(order).then(tell, (error: unknown) => tell(tried('the worker', why(error))))
})
