/** `alveole export`: everything, decrypted, in files that need no Alvéole to be read; or the same as one age file. */
import type { ExportForm, Vault } from '#core'
import { ageRecipient } from '../age.ts'
import { inLanguage, type Command, type Context } from '../command.ts'
import { openFolder, type Folder } from '../export-folder.ts'
import { usage } from '../told.ts'

export const AGE_FILE = 'alveole.tar.age'

const forms: readonly string[] = ['source', 'jsonld', 'nquads'] satisfies ExportForm[]
const isForm = (text: string): text is ExportForm => forms.includes(text)
const SYNOPSIS = '[--format source|jsonld|nquads|age] [--recipient age1… | --passphrase-file F] [--force]'

export const exportAll: Command = {
  name: 'export',
  synopsis: { fr: `DOSSIER ${SYNOPSIS}`, en: `DIR ${SYNOPSIS}` },
  about: {
    fr: `Écrit tout le coffre en clair dans un dossier vide, lisible par vous seul. alveole.json vient en dernier : sans lui, l’export est inachevé.
alveole import remet tout cela dans un coffre. --format source (sinon) : les fichiers tels qu’ils sont arrivés ; jsonld, nquads : tout en RDF ;
age : comme source, en un seul fichier ${AGE_FILE} chiffré pour --recipient ou par une phrase de passe. --force : même dans un dossier non vide.`,
    en: `Writes the whole vault, decrypted, into an empty folder that only you can read. alveole.json comes last: without it, the export is unfinished.
alveole import puts any of it back into a vault. --format source (otherwise): files as they came; jsonld, nquads: everything as RDF;
age: as source, in one file ${AGE_FILE} encrypted to --recipient or by a passphrase. --force: even into a folder that is not empty.`,
  },
  options: ['format', 'recipient', 'passphrase-file', 'force'],
  takes: [1, 1],
  run: async context => {
    const { options, vault } = context
    const [path = ''] = context.arguments
    const { format = 'source' } = options
    if (format !== 'age' && !isForm(format)) throw unknownFormat(format)
    if (format !== 'age' && (options.recipient ?? options['passphrase-file']) !== undefined) throw usage(...ONLY_AGE)
    const to = format === 'age' ? await ageRecipient(context) : null
    const folder = await openFolder(path, options.force ?? false)
    const opened = await vault.open()
    if (to) await folder.write(AGE_FILE, await opened.exportAge(to), context.signal)
    else if (isForm(format)) await writeFiles(context, opened, folder, format)
    const { files, bytes } = folder.written
    return { json: { files, bytes }, text: () => summary(context, folder, path) }
  },
}

async function writeFiles({ progress, signal }: Context, vault: Vault, folder: Folder, form: ExportForm) {
  for await (const { path, body } of vault.export(form)) {
    signal.throwIfAborted()
    progress.show({ fr: path, en: path }, null)
    await folder.write(path, body, signal)
  }
}

const unknownFormat = (format: string) =>
  usage(
    `Format inconnu : ${format} (${forms.join(', ')}, age).`,
    `Unknown format: ${format} (${forms.join(', ')}, age).`,
  )
const ONLY_AGE = [
  '--recipient et --passphrase-file vont avec --format age.',
  '--recipient and --passphrase-file go with --format age.',
] as const

const summary = (context: Context, { written: { files, bytes } }: Folder, path: string): string =>
  inLanguage(
    context,
    `Fichiers écrits dans ${path} : ${files} (${bytes} octets)`,
    `Files written to ${path}: ${files} (${bytes} bytes)`,
  )
