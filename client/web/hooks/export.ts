/** Taking everything along: written into a file that the person chose where the browser lets a page do so, else handed over at once. */
import { proxy } from 'comlink'
import { useEffect, useState } from 'react'
import { saveFile } from './save-file.ts'
import { useAction, vault, type Action } from './vault.ts'

/** Of the File System Access API, which not every browser has. */
interface Picking {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>
}

export const writesFiles = (): boolean => (window as Picking).showSaveFilePicker !== undefined

const nameFor = (passphrase: string | null): string =>
  `alveole-${new Date().toISOString().slice(0, 10)}.tar${passphrase === null ? '' : '.age'}`

/** Null: called off. */
async function picked(name: string): Promise<FileSystemFileHandle | null> {
  try {
    return (await (window as Picking).showSaveFilePicker?.({ suggestedName: name })) ?? null
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

export interface Export extends Action<[string | null]> {
  /** Bytes so far; null: nothing was begun. */
  written: number | null
  isDone: boolean
  stop(): void
}

export function useExport(): Export {
  const [job, setJob] = useState<string | null>(null)
  const [written, setWritten] = useState<number | null>(null)
  const [isDone, setDone] = useState(false)
  const action = useAction(async (passphrase: string | null) => {
    const name = nameFor(passphrase)
    setDone(false)
    setWritten(null)
    const to = writesFiles() ? await picked(name) : null
    if (writesFiles() && !to) return
    const id = crypto.randomUUID()
    setJob(id)
    setWritten(0)
    const whole = await vault.exportAll(id, to, passphrase, proxy(setWritten))
    if (whole) saveFile(whole, name)
    setDone(true)
  })
  const { busy } = action
  useEffect(() => {
    if (!busy) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault() // or what is written until then is lost
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [busy])
  return { ...action, written, isDone, stop: () => job && void vault.stopExport(job) }
}
