/** [Z4] Which selections are behind, as a device notes it: however writes overlap, nothing that was left behind is forgotten. */
import { beforeEach, expect, test } from 'vitest'
import { FollowNote } from '../../client/core/selections/note.ts'
import { savedStore, type SavedStore } from './world.ts'

const ID = new Uint8Array(16).fill(7)
let store: SavedStore
let note: FollowNote
beforeEach(() => {
  store = savedStore()
  note = new FollowNote(store)
})

test('a note goes with the last write under way', async () => {
  await Promise.all([note.begin([ID]), note.begin([ID])])
  await note.end(ID)
  expect([await note.read(), note.debt(ID).isOwed]).toEqual([[ID], false])
  await note.end(ID)
  expect(await note.read()).toEqual([])
})

test.each(['first', 'last'])('it stays where one of two was left behind, whichever of them ends %s', async which => {
  await Promise.all([note.begin([ID]), note.begin([ID])])
  if (which === 'first') note.leave(ID)
  await note.end(ID)
  if (which === 'last') note.leave(ID)
  expect([await note.read(), note.debt(ID).isOwed]).toEqual([[ID], true])
  await note.madeUp(ID, note.debt(ID).left)
  expect([await note.read(), note.debt(ID).isOwed]).toEqual([[], false])
})

test('what is left behind during a look at all of it is not made up for by that', async () => {
  await note.begin([ID])
  note.leave(ID)
  const { left } = note.debt(ID)
  await note.begin([ID])
  note.leave(ID)
  await note.madeUp(ID, left)
  expect([await note.read(), note.debt(ID).isOwed]).toEqual([[ID], true])
})

test('of an earlier opening it is owed from the next write on', async () => {
  await note.begin([ID])
  const next = new FollowNote(store)
  await next.begin([ID])
  await next.end(ID)
  expect([await next.read(), next.debt(ID).isOwed]).toEqual([[ID], true])
})
