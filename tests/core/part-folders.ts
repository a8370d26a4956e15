/** Where parts go that are stored without a vault. */
import { memoryStore } from '#core'
import { Folders } from '../../client/core/blobs/folders.ts'

export function folders(): (name: string) => Promise<string> {
  const all = new Folders(memoryStore())
  return name => all.next('https://pod.example/c/', name)
}
