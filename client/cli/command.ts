/** What a command is: one file in commands/ and one line in commands.ts. */
import type { Vault } from '#core'
import type { Language, Localised } from '#vocab'
import type { OptionName, Values } from './options.ts'
import type { Profile, Session } from './profile.ts'
import type { Progress } from './progress.ts'
import type { Secrets } from './secrets.ts'

export interface Command {
  /** `import`, `group found`. */
  name: string
  /** What stands after the name, as help shows it. */
  synopsis: Localised
  about: Localised
  /** Of its own, beside those of every command. */
  options?: readonly OptionName[]
  /** How many arguments it takes, least and most. */
  takes: readonly [number, number]
  run(context: Context): Promise<Result | void>
}

/** What a command gives: the contract's JSON, and the same for people. A command that writes bytes itself gives nothing. */
export interface Result {
  json: unknown
  text: () => string
  /** Where the answer itself is bad news: a vault that does not verify. */
  exit?: number
}

export interface Context {
  arguments: string[]
  options: Values
  language: Language
  profile: Profile
  secrets: Secrets
  progress: Progress
  /** Of Ctrl-C. */
  signal: AbortSignal
  /** One line on standard error, for people. */
  say: (words: Localised) => void
  vault: VaultAccess
}

/** The profile's vault, for one command: one process at a time, and locked again when the command ends. */
export interface VaultAccess {
  /** Signed in and unlocked; what waits to be written is, at the end. */
  open(): Promise<Vault>
  /** Reads what unlocks it and no more: whatever is to be asked is asked before the work begins, in one order. */
  prepare(): Promise<{ session: Session; password: string }>
  /** The profile for this process alone, until the command ends. */
  hold(): Promise<void>
  /** Takes over a vault that the command made itself. */
  keep(vault: Vault): void
}

/** The words of one language. */
export const inLanguage = (context: { language: Language }, fr: string, en: string): string =>
  context.language === 'fr' ? fr : en
