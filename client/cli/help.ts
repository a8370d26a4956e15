/** What `--help` and `--version` say, from the table of commands. */
import { readFileSync } from 'node:fs'
import type { Language } from '#vocab'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { table } from './table.ts'

/** The package stands two folders up, in a checkout as in the package. */
export const readVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version

const common = {
  fr: `Pour toutes les commandes :
  --profile DOSSIER    les réglages d’une personne sur cette machine (sinon ceux de l’utilisateur)
  --unlock-file F      fichier du mot de passe du coffre (- : entrée standard) ; demandé sinon
  --json               réponse en JSON
  --help, --version

Détail d’une commande : alveole COMMANDE --help`,
  en: `For every command:
  --profile DIR        one person's settings on this machine (the user's own otherwise)
  --unlock-file F      file of the vault password (-: standard input); asked for otherwise
  --json               answers in JSON
  --help, --version

More about a command: alveole COMMAND --help`,
}

export function helpFor(command: Command | null, language: Language): string {
  if (command) return `alveole ${command.name} ${command.synopsis[language]}`.trim() + `\n\n${command.about[language]}`
  const list = table(commands.map(({ name, about }) => [`  ${name}`, firstSentence(about[language])]))
  return `alveole ${language === 'fr' ? 'COMMANDE' : 'COMMAND'} …\n\n${list}\n\n${common[language]}`
}

const firstSentence = (text: string): string => text.split('\n')[0] ?? text
