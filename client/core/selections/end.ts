/**
 * All objects of a selection deleted, the head first, so that nobody finds a part of it for the whole. Its readers were refused before:
 * access rules are the first thing that an ending changes. What is left when a server fails is deleted when this is done again.
 */
import { removeFolder } from '../collections/garbage.ts'
import { inParallel } from '../parallel.ts'
import { headUrl, isChild } from '../paths.ts'
import type { Pod } from '../pod.ts'

export async function deleteSelection(pod: Pod, container: string): Promise<void> {
  const there = await childrenOf(pod, container)
  if (!there) return
  await pod.delete(headUrl(container))
  const [folders, objects] = [there.filter(isFolder), there.filter(url => !isFolder(url))]
  await inParallel(objects, url => pod.delete(url))
  await inParallel(folders, async folder => {
    await inParallel((await childrenOf(pod, folder)) ?? [], url => pod.delete(url))
    await removeFolder(pod, folder)
  })
  await pod.delete(await pod.aclOf(container))
  await removeFolder(pod, container)
}

const isFolder = (url: string): boolean => url.endsWith('/')

/** Only children, whatever the server lists (A21); null: there is no such folder. */
async function childrenOf(pod: Pod, folder: string): Promise<string[] | null> {
  const listed = await pod.list(folder)
  return listed && listed.filter(url => isChild(folder, url.replace(/\/$/, '')))
}
