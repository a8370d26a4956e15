/** What opens the vault: the unlock password, or the 24 words of the rescue kit in its place. */
import type { Context } from './command.ts'

const PROMPT = { fr: 'Mot de passe du coffre', en: 'Vault password' }

export const unlockPassword = async (context: Pick<Context, 'secrets' | 'options'>, twice = false): Promise<string> =>
  unlockText(
    await context.secrets.read(context.options['unlock-file'], { option: '--unlock-file', prompt: PROMPT, twice }),
  )

/** The words of a kit, or null where this is a password. */
export function kitOf(secret: string): string[] | null {
  const words = secret.trim().toLowerCase().split(/\s+/)
  return words.length === 24 ? words : null
}

/** A kit written on several lines, or with capitals, is the same kit. */
const unlockText = (secret: string): string => kitOf(secret)?.join(' ') ?? secret
