/** Whom one may share with: circles, and the people met there. */
import { vault } from './vault.ts'
import type { Remote } from 'comlink'
import type { Api } from '../worker/api.ts'

export interface Person {
  /** IRI of a circle, or a WebID. */
  id: string
  name: string
  /** Of a circle: how many. */
  members?: number
  /** Of a person: the circle they were met in. */
  circle?: string
}

type Circles = Awaited<ReturnType<Remote<Api>['circles']>>

const membersOf = async ({ group, name }: Circles[number]): Promise<Person[]> =>
  (await vault.members(group))
    .filter(({ state }) => state === 'member')
    .map(({ webId, name: person }) => ({ id: webId, name: person, circle: name }))

export async function readRecipients(): Promise<Person[]> {
  const circles = (await vault.circles()).filter(({ state }) => state === 'member')
  const met = (await Promise.all(circles.map(membersOf))).flat()
  const people = [...new Map(met.map(person => [person.id, person])).values()]
  return [...circles.map(({ group, name, members }) => ({ id: group, name, members })), ...people]
}
