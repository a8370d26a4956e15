/**
 * People whose root was compared with them, by words said aloud or a code scanned (SPEC V3–V5): they may be given what is sensitive.
 * Where somebody's root is another than before, nothing new is sealed to them until it was compared again.
 */
import { AlveoleError, areCheckWords, checkWords, readCheckCode, rootId, writeCheckCode, type Party } from '#crypto'
import type { Context } from './context.ts'
import { inParallel } from './parallel.ts'
import type { Person } from './people.ts'
import type { PersonCheck, PersonInfo, WebId } from './types.ts'

export class ConfirmedPeople {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** Whom this vault ever shared with, or checked. One whose pod does not answer is told as last known. */
  async list(): Promise<PersonInfo[]> {
    const { account, people } = this.#context
    await account.refresh()
    return inParallel(account.state.pins, async ({ webId, confirmed }) => {
      const told = { webId, name: webId, state: confirmed ? 'confirmed' : 'seen' } as const
      return people.unsafeLook(webId).then(infoOf, (error: unknown) => {
        if (error instanceof AlveoleError && error.code !== 'locked') return told
        throw error
      })
    })
  }

  /** What to compare: both read the same words, in either language, or one scans the other's code. */
  async words(webId: WebId): Promise<PersonCheck> {
    const person = await this.#look(webId)
    return { ...infoOf(person), words: checkWords(this.#self, person), code: writeCheckCode(this.#self, person) }
  }

  /**
   * `by`: the words as the other one has them, or the other one's code. Throws `unconfirmed` where they differ, `identity-changed`
   * where their root is another than before: then `reconfirm`, once one knows why.
   */
  async confirm(webId: WebId, by: string): Promise<PersonInfo> {
    const person = await this.#look(webId)
    if (person.changed)
      throw new AlveoleError('identity-changed', 'another root key than before', { detail: { webId } })
    return this.#confirmed(person, by)
  }

  /** The same for who has another root than before. What they were given under the old one is given anew, if it is to be. */
  async reconfirm(webId: WebId, by: string): Promise<PersonInfo> {
    return this.#confirmed(await this.#look(webId), by)
  }

  async #look(webId: WebId): Promise<Person & { changed: boolean }> {
    const { account, people, me } = this.#context
    if (webId === me.webId) throw new AlveoleError('usage', 'oneself', { detail: { webId } })
    await account.refresh()
    return people.unsafeLook(webId)
  }

  async #confirmed(person: Person, by: string): Promise<PersonInfo> {
    const { webId } = person
    if (!isProof(by, this.#self, person)) throw new AlveoleError('unconfirmed', 'not the words', { detail: { webId } })
    await this.#context.people.confirm(person)
    this.#context.changed()
    return infoOf({ ...person, confirmed: true, changed: false })
  }

  get #self(): Party {
    const { webId, identity } = this.#context.me
    return { webId, root: rootId(identity) }
  }
}

const infoOf = ({ webId, name, confirmed, changed }: Person & { changed: boolean }): PersonInfo => ({
  webId,
  name,
  state: changed ? 'changed' : confirmed ? 'confirmed' : 'seen',
})

/** V5: both roots, as each of the two has them. */
function isProof(by: string, self: Party, other: Party): boolean {
  const code = readCheckCode(by)
  return code ? isSame(code.by, other) && isSame(code.to, self) : areCheckWords(checkWords(self, other), by)
}

const isSame = (a: Party, b: Party): boolean => a.webId === b.webId && a.root === b.root
