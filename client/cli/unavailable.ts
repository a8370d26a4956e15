/** What the contract names and this version does not do yet: said plainly, never half done. */
import { usage, type Told } from './told.ts'

const commands = ['recovery restore', 'recovery guardians', 'device add']

const notYet = (what: string): Told =>
  usage(`${what} n’est pas encore proposé dans cette version.`, `${what} is not offered in this version yet.`)

export function checkOffered(positionals: readonly string[]): void {
  const [command = ''] = positionals
  const name = commands.find(candidate => [command, positionals.slice(0, 2).join(' ')].includes(candidate))
  if (name) throw notYet(`alveole ${name}`)
}
