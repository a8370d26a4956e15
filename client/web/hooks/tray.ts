/** The upload tray: one file after another, each with its step; it goes on while other pages are looked at. */
import { proxy } from 'comlink'
import { isCode } from '../../../crypto/errors.ts'
import type { MakeThumbnail } from '../../core/formats/photo/thumbnail.ts'
import type { ImportReport } from '../../core/types.ts'
import { observable } from './observable.ts'
import { vault } from './worker.ts'

export interface Entry {
  id: string
  name: string
  size: number
  folder: string
  step: 'waiting' | 'locking' | 'sending' | 'paused' | 'stored' | 'failed'
  /** 0 to 1. */
  done: number
  report: ImportReport['files'][number] | null
  error: unknown
}

/** With pdf.js behind it: loaded where something is added. */
const still: MakeThumbnail = async (file, mediaType) => (await import('../preview/still.ts')).still(file, mediaType)

const files = new Map<string, File>()
export const tray = observable<readonly Entry[]>([])
let working = false

const update = (id: string, change: Partial<Entry>): void =>
  tray.set(tray.get().map(entry => (entry.id === id ? { ...entry, ...change } : entry)))

/** The core tells the reading of a file as the first half of its way, the sending of what was locked as the second. */
const progress = (id: string) => (done: number) => {
  if (isMoving(id)) update(id, { done, step: done > 0.5 ? 'sending' : 'locking' }) // may come after the end, by a port of its own
}
const isMoving = (id: string): boolean => /^(locking|sending)$/.test(tray.get().find(one => one.id === id)?.step ?? '')

/** Nothing of it could be read: the report says why. */
const isUnread = ({ records, duplicates, problems }: ImportReport['files'][number]): boolean =>
  Object.keys(records).length === 0 && duplicates === 0 && problems.length > 0

async function add({ id, folder }: Entry): Promise<void> {
  const file = files.get(id)
  if (!file) return
  update(id, { step: 'locking', done: 0, error: null })
  try {
    const { files: reports } = await vault.add(id, file, folder, proxy(progress(id)), proxy(still))
    const report = reports[0] ?? null
    const stored = report === null || !isUnread(report)
    if (stored) files.delete(id)
    update(id, { step: stored ? 'stored' : 'failed', done: 1, report })
  } catch (error) {
    // What is stored of it stays, and is not sent again
    if (isCode(error, 'cancelled')) update(id, { step: 'paused' })
    else update(id, { step: 'failed', error })
  }
}

async function work(): Promise<void> {
  if (working) return
  working = true
  for (let next = waiting(); next; next = waiting()) await add(next)
  working = false
}

const waiting = (): Entry | undefined => tray.get().find(({ step }) => step === 'waiting')

export function addFiles(list: Iterable<File>, folder: string): void {
  const fresh = [...list].map((file): Entry => {
    const id = crypto.randomUUID()
    files.set(id, file)
    return { id, name: file.name, size: file.size, folder, step: 'waiting', done: 0, report: null, error: null }
  })
  tray.set([...tray.get(), ...fresh])
  void work()
}

export function retry(id: string): void {
  update(id, { step: 'waiting', error: null })
  void work()
}

/** Until `retry`. */
export async function pause(id: string): Promise<void> {
  await vault.stopAdding(id)
}

export const clearStored = (): void => tray.set(tray.get().filter(({ step }) => step !== 'stored'))

addEventListener('beforeunload', event => {
  if (tray.get().some(({ step }) => step !== 'stored' && step !== 'failed')) event.preventDefault()
})
