/** The vault of a profile, for one command: one process at a time, signed in, unlocked, and locked again at the end. */
import { openVault, solidPod, type Vault } from '#core'
import { AlveoleError, isCode } from '#crypto'
import type { Language } from '#vocab'
import { errorText } from '../core/messages.ts'
import { authenticatedFetch } from '../node/session.ts'
import type { Context, VaultAccess } from './command.ts'
import type { Session } from './profile.ts'
import { tidied } from './tidying.ts'
import { usage } from './told.ts'
import { unlockPassword } from './unlock.ts'

export type Around = Omit<Context, 'vault'>

export class OpenedVault implements VaultAccess {
  readonly #context: Around
  #release: (() => void) | null = null
  #vault: Vault | null = null
  #hasWritten = false
  #session: Session | null = null
  #password: string | null = null

  constructor(context: Around) {
    this.#context = context
  }

  async open(): Promise<Vault> {
    if (this.#vault) return this.#vault
    const { session, password } = await this.prepare()
    await this.hold()
    const around = await surroundings(this.#context, session)
    this.#vault = await openVault(around, { password }).catch((error: unknown) =>
      this.#followed(session, password, error),
    )
    this.#vault.subscribe(() => (this.#hasWritten = true))
    if (this.#vault.isOffline) this.#context.say(OFFLINE)
    return this.#vault
  }

  /** Another device may have moved the vault to another server: the old place is shut, and the profile names the new one. */
  async #followed(session: Session, password: string, error: unknown): Promise<Vault> {
    const pod = isCode(error, 'not-granted', 'rolled-back') ? await storageOf(session) : null
    if (!pod || pod === session.pod) throw error
    const moved = { ...session, pod }
    const vault = await openVault(await surroundings(this.#context, moved), { password })
    await this.#context.profile.save(moved)
    return vault
  }

  async prepare(): Promise<{ session: Session; password: string }> {
    this.#session ??= await sessionOf(this.#context)
    this.#password ??= await unlockPassword(this.#context)
    return { session: this.#session, password: this.#password }
  }

  async hold(): Promise<void> {
    const { profile, signal, say } = this.#context
    const onWait = () =>
      say({
        fr: 'Une autre commande alveole se sert de ce profil : on attend qu’elle finisse.',
        en: 'Another alveole command is using this profile: waiting for it to finish.',
      })
    this.#release ??= await profile.lock({ onWait, signal })
  }

  keep(vault: Vault): void {
    this.#vault = vault
  }

  #tellWaiting(): void {
    const waiting = this.#vault?.outbox.list() ?? []
    if (!waiting.length) return
    const refused = waiting.find(({ problem }) => problem)?.problem
    const why = (language: Language): string => (refused ? ` (${errorText(new AlveoleError(refused), language)})` : '')
    this.#context.say({
      fr: `Modifications pas encore envoyées : ${waiting.length}${why('fr')}`,
      en: `Changes not sent yet: ${waiting.length}${why('en')}`,
    })
  }

  async close(): Promise<void> {
    try {
      const vault = this.#context.signal.aborted || this.#vault?.isOffline ? null : this.#vault
      if (vault && this.#hasWritten) await tidied(vault)
      await vault?.settle()
      this.#tellWaiting()
    } finally {
      await this.#vault?.lock()
      this.#release?.()
    }
  }
}

const OFFLINE = {
  fr: 'Le serveur ne répond pas : voici ce que cette machine en avait.',
  en: 'The server does not answer: this is what this machine had of it.',
}

async function sessionOf({ profile }: Around): Promise<Session> {
  const session = await profile.session()
  if (session) return session
  throw usage(
    `Aucun coffre dans ce profil (${profile.folder}). Commencez par alveole signup ou alveole login.`,
    `No vault in this profile (${profile.folder}). Start with alveole signup or alveole login.`,
  )
}

/** Where the profile says that the storage is. */
export async function storageOf(session: Session): Promise<string | null> {
  const { webId, pod: storage } = session
  const pod = await solidPod({ webId, storage, fetch: authenticatedFetch(session) })
  return (await pod.profile(webId))?.storage ?? null
}

export async function surroundings({ profile }: Pick<Around, 'profile'>, session: Session) {
  const pod = await solidPod({ webId: session.webId, storage: session.pod, fetch: authenticatedFetch(session) })
  return { pod, store: profile.store(), objects: profile.objects() }
}
