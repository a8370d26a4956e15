/**
 * A program that dies at any step of any action: whoever opens the vault next finds it as it was before or as it is after, never in
 * between; the action can be done again; every byte verifies; and nothing stays behind for good. `CRASH_DEEP=1` lets it die again
 * at every step of the opening that follows.
 */
import { beforeAll, expect, test, vi } from 'vitest'
import type { Vault } from '#core'
import { reopen, type Member } from '../core/world.ts'
import { unreachable } from './disk.ts'
import { meaningOf, type Meaning } from './meaning.ts'
import { moments, type Moment } from './moments.ts'
import { cast, operations, storesOf, type Cast, type Operation } from './operations.ts'
import { nothingIsLeft } from './weeks.ts'

const DEEP = Boolean(process.env['CRASH_DEEP'])
vi.setConfig({ testTimeout: DEEP ? 2 * 3600_000 : 300_000 })

let on: Cast
let start: () => void

beforeAll(async () => {
  on = await cast()
  start = on.world.save(...storesOf(on))
})

interface Case {
  who: Member
  operation: Operation
  before: Meaning
  /** What people may meet besides. */
  halfway: Meaning[]
  after: Meaning
  /** On the servers, before. */
  stood: ReadonlySet<string>
}

const same = (a: Meaning, b: Meaning): boolean => JSON.stringify(a) === JSON.stringify(b)
/** A person's other device stands for them, where it is the one at work. */
const peopleOf = ({ who }: Operation): Member[] => (who === 'laptop' ? [on.laptop, on.bob, on.carol] : on.all)
const means = (of: Operation): Promise<Meaning> => meaningOf(on.world, peopleOf(of))
const doIt = async ({ act }: Operation, who: Member): Promise<unknown> => act(await reopen(who), on)

async function prepare({ before }: Operation): Promise<() => void> {
  start()
  const [alice, bob, carol] = (await Promise.all(on.all.map(member => reopen(member)))) as [Vault, Vault, Vault]
  await before?.({ ...on, vaults: { alice, bob, carol } })
  for (const vault of [alice, bob, carol]) await vault.settle()
  return on.world.save(...storesOf(on))
}

async function halfwayOf(operation: Operation, who: Member, back: () => void): Promise<Meaning[]> {
  if (!operation.halfway) return []
  back()
  await operation.halfway(await reopen(who), on)
  return [await means(operation)]
}

/** Everybody's program starts again at this moment. */
async function reopened(moment: Moment, { before, halfway, after, stood, operation, who }: Case): Promise<void> {
  moment.back()
  const now = await means(operation)
  if (!same(now, before) && !halfway.some(one => same(one, now))) expect(now).toEqual(after)
  if (!same(now, after) || operation.clears === 'done again') {
    moment.back()
    await doIt(operation, who)
    expect(await means(operation)).toEqual(after)
  }
  if (operation.clears) expect((await unreachable(on.world, on.all)).filter(url => stood.has(url))).toEqual([])
  for (const member of new Set([on.alice, who])) expect((await (await reopen(member)).verify()).problems).toEqual([])
}

/** Dying again while the vault is opened, at any step. */
async function reopenedInVain(moment: Moment, of: Case): Promise<void> {
  moment.back()
  const { all } = await moments(on.world, storesOf(on), of.who.around, async around => reopen({ around }))
  for (const again of all) {
    await reopened(again, of)
    again.back()
    await nothingIsLeft(on.world, on.all)
  }
}

async function survives(moment: Moment, of: Case): Promise<void> {
  try {
    await reopened(moment, of)
    if (DEEP) await reopenedInVain(moment, of)
    if (!of.operation.clears) moment.back() // older versions, not erased yet, keep their files
    await nothingIsLeft(on.world, on.all)
  } catch (broken) {
    throw new Error(`dead after ${moment.line}: ${String(broken)}`, { cause: broken })
  }
}

test.each(Object.keys(operations))('%s', async name => {
  const operation = operations[name]!
  const who = on[operation.who ?? 'alice']
  const back = await prepare(operation)
  const before = await means(operation)
  const stood = new Set(on.world.server.files.keys())
  const halfway = await halfwayOf(operation, who, back)
  for (const order of ['first', 'last'] as const) {
    back()
    const { all, ending, sideBySide } = await moments(
      on.world,
      storesOf(on),
      who.around,
      async around => operation.act(await reopen({ around }), on),
      order,
    )
    expect(ending.error).toBe(null)
    expect(all.length, 'an action that changes nothing').toBeGreaterThan(1)
    const after = await means(operation)
    for (const moment of all) await survives(moment, { who, operation, before, halfway, after, stood })
    if (!sideBySide) break
  }
})
