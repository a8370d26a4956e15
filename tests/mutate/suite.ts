/**
 * What a test file gets for `vitest` while mutants run: `describe` and `it` only write down, so that single tests can be run,
 * in any order, many times over in one process. `expect` is Vitest's own.
 */
export { expect } from 'vitest'

export interface Test {
  name: string
  run: () => unknown
}
type Body = (...args: never[]) => unknown

let collected: Test[] = []
let path: string[] = []

/** The tests that `load`, the import of a test file, writes down. */
export async function collect(load: () => Promise<unknown>): Promise<Test[]> {
  collected = []
  path = []
  await load()
  return collected
}

const given = (one: unknown): never[] => (Array.isArray(one) ? one : [one]) as never[]

function group(name: string, body: Body, args: never[] = []): void {
  const outer = path
  path = [...outer, name]
  body(...args)
  path = outer
}
export const describe = Object.assign(group, {
  each: (cases: readonly unknown[]) => (name: string, body: Body) =>
    cases.forEach((one, i) => group(`${name} ${i}`, body, given(one))),
})

function test(name: string, run: Body, args: never[] = []): void {
  collected.push({ name: [...path, name].join(' > '), run: () => run(...args) })
}
export const it = Object.assign((name: string, run: Body) => test(name, run), {
  each: (cases: readonly unknown[]) => (name: string, run: Body) =>
    cases.forEach((one, i) => test(`${name} ${i}`, run, given(one))),
})
export { it as test }
