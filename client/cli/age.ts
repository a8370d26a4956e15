/** Keys of age files: a recipient is public and stands on the line, all else comes by file or prompt. */
import type { AgeKeys, AgeRecipient } from '#core'
import type { Context } from './command.ts'
import { usage } from './told.ts'

const PASSPHRASE = { option: '--passphrase-file', prompt: { fr: 'Phrase de passe age', en: 'age passphrase' } }
const IDENTITY = { option: '--identity-file', prompt: { fr: 'Identité age', en: 'age identity' }, many: true }

type Asked = Pick<Context, 'options' | 'secrets'>

export async function ageRecipient({ options, secrets }: Asked): Promise<AgeRecipient> {
  const { recipient, 'passphrase-file': file } = options
  if (recipient !== undefined && file !== undefined) throw usage(...ONE)
  if (recipient !== undefined) return { recipients: [recipient] }
  if (file === undefined && !secrets.canAsk) throw usage(...ONE)
  return { passphrase: await secrets.read(file, { ...PASSPHRASE, twice: true }) }
}

const ONE = [
  'Il faut --recipient age1… ou --passphrase-file FICHIER, l’un des deux.',
  'Give --recipient age1… or --passphrase-file FILE, one of them.',
] as const

/** null: none were given, and nothing that is to be read needs them. */
export async function ageKeys({ options, secrets }: Asked, areNeeded: boolean): Promise<AgeKeys | null> {
  const { 'identity-file': identity, 'passphrase-file': passphrase } = options
  if (identity === undefined && passphrase === undefined && !areNeeded) return null
  if (identity === undefined && passphrase === undefined && !secrets.canAsk) {
    throw usage(
      'Ce fichier est chiffré avec age : il faut --identity-file ou --passphrase-file.',
      'This file is encrypted with age: give --identity-file or --passphrase-file.',
    )
  }
  const identities = identity === undefined ? [] : identitiesIn(await secrets.read(identity, IDENTITY))
  if (identities.length && passphrase === undefined) return { identities }
  return { identities, passphrase: await secrets.read(passphrase, PASSPHRASE) }
}

/** As `age-keygen` writes them: a line each, comments beside. */
function identitiesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).map(line => line.trim())
  const identities = lines.filter(line => line !== '' && !line.startsWith('#'))
  if (identities.length) return identities
  throw usage('--identity-file ne contient aucune identité age.', '--identity-file holds no identity of age.')
}
