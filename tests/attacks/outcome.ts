/**
 * What comes of an attack: what people are shown, what is written, what is missing once the truth is served again. An attack has
 * failed if everybody sees the truth or a coded refusal, and nothing is written by looking or lost.
 */
import { toHex } from '#crypto'
import { reopen, type Member } from '../core/world.ts'
import type { Moment } from '../hostile-pod.ts'
import { add, type Scene } from './scene.ts'
import { isRefused, orCode, shown, spelled, type Shown } from './shown.ts'

/** Of a shared view, the host may leave out what others shared (it can omit lines of a feed); of one's own vault, nothing. */
const VIEWS = ['circle', 'alice', 'bob']

/** What a device shows that it should not: anything but the truth, or a refusal. */
export function wrongs(seen: Shown, truths: readonly Shown[]): string[] {
  if (isRefused(seen['opening'])) return []
  return Object.entries(seen).flatMap(([what, value]) => {
    if (isRefused(value) || truths.some(truth => spelled(truth[what]) === spelled(value))) return []
    const rows = VIEWS.includes(what) ? (value as unknown[]).filter(row => !isRefused(row)).map(spelled) : null
    const isPart = rows && truths.some(truth => rows.every(row => spelled(truth[what]).includes(row)))
    return isPart ? [] : [`${what}: ${spelled(value).slice(0, 200)}`]
  })
}

export interface Outcome {
  /** What was shown that is not true. */
  wrong: string[]
  /** What was written by looking, or by a write that was refused. */
  written: string[]
  /** What is missing once the truth is served again. */
  lost: string[]
  /** Whether anybody noticed anything. */
  noticed: boolean
}

/** Nobody is shown anything wrong, nothing is written by looking or by who is refused, nothing is lost. */
export const harmless = { wrong: [], written: [], lost: [] }

/** What a scene truly shows to each of its people. */
export type Truths = ReadonlyMap<Member, Shown>
export const truths = async (of: Scene, ...members: Member[]): Promise<Truths> =>
  new Map(await Promise.all(members.map(async member => [member, await shown(of, member)] as const)))

/**
 * What comes of an attack on what is stored: everybody looks, alice writes if it may concern her, the host serves the truth again
 * where nobody wrote since, everybody looks once more.
 */
export async function attackOn(of: Scene, told: Truths, attack: () => void): Promise<Outcome> {
  const { host } = of
  of.back()
  const memory = remembered(told)
  attack()
  const attacked = new Map(host.files)
  const seen = await truths(of, ...told.keys())
  const byLooking = changes(attacked, host.files)
  const write = await aliceWrites(of, attacked)
  const written = write === 'refused' ? changes(attacked, host.files) : byLooking
  serveTruth(of, attacked)
  const unmoved = remembered(told) === memory && same(host.files, of.honest)
  const after = unmoved ? told : await truths(of, ...told.keys()) // same pod, same devices: the same is shown
  return {
    wrong: [...seen].flatMap(([who, one]) => wrongs(one, [told.get(who)!]).map(what => `${who.name} ${what}`)),
    written,
    lost: [...losses(told, after), ...(write === 'done' && !hasNote(after.get(of.alice)) ? [NOTE] : [])],
    noticed: write === 'refused' || [...seen].some(([who, one]) => spelled(one) !== spelled(told.get(who))),
  }
}

const NOTE = 'written under attack'
const hasNote = (of: Shown | undefined): boolean => String(of?.['notes']).includes(NOTE)
const withoutNote = (of: Shown): string =>
  spelled(of).replaceAll(new RegExp(`(,"${NOTE}"|,\\["alice","${NOTE}"\\])`, 'g'), '')

/** All else was read before, or is no matter to who writes. */
const READ_BY_WRITERS = /(identity|account|head)\.alv$/

async function aliceWrites(
  { honest, alice, health }: Scene,
  attacked: Moment,
): Promise<'done' | 'refused' | 'no matter'> {
  const altered = [...changes(honest, attacked), ...[...honest.keys()].filter(url => !attacked.has(url))]
  if (!altered.some(url => READ_BY_WRITERS.test(url))) return 'no matter'
  return (await orCode(async () => void (await add(await reopen(alice), health, NOTE)))) ? 'refused' : 'done'
}

function serveTruth({ host, honest }: Scene, attacked: Moment): void {
  for (const url of new Set([...attacked.keys(), ...honest.keys()])) {
    if (host.files.get(url) !== attacked.get(url)) continue
    const truth = honest.get(url)
    if (truth) host.files.set(url, truth)
    else host.files.delete(url)
  }
}

const losses = (told: Truths, after: Truths): string[] =>
  [...after]
    .filter(([who, one]) => withoutNote(one) !== withoutNote(told.get(who)!))
    .map(([{ name }, one]) => `${name}: ${withoutNote(one)}`)

const changes = (from: Moment, to: Moment): string[] =>
  [...to].filter(([url, file]) => from.get(url) !== file).map(([url]) => url)

export const same = (a: Moment, b: Moment): boolean => a.size === b.size && changes(a, b).length === 0

/** All that these devices keep between openings. */
const remembered = (of: Truths): string =>
  spelled(
    [...of.keys()].map(({ around }) => [...around.store.values].map(([key, value]) => [key, toHex(value)]).sort()),
  )
