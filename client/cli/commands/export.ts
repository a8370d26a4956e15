/** `alveole export`: everything, decrypted, in files that need no Alvéole to be read. */
import { inLanguage, type Command } from '../command.ts'
import { openFolder, type Folder } from '../export-folder.ts'
import { usage } from '../told.ts'

type Format = 'source' | 'nquads'
const isFormat = (text: string): text is Format => text === 'source' || text === 'nquads'

export const exportAll: Command = {
  name: 'export',
  synopsis: { fr: 'DOSSIER [--format source|nquads] [--force]', en: 'DIR [--format source|nquads] [--force]' },
  about: {
    fr: `Écrit tout le coffre en clair dans un dossier vide, lisible par vous seul.
--format source (sinon) : les fichiers tels qu’ils sont arrivés ; nquads : tout en RDF. --force : même dans un dossier non vide.`,
    en: `Writes the whole vault, decrypted, into an empty folder that only you can read.
--format source (otherwise): files as they came; nquads: everything as RDF. --force: even into a folder that is not empty.`,
  },
  options: ['format', 'force'],
  takes: [1, 1],
  run: async context => {
    const { options, progress, signal, vault } = context
    const [path = ''] = context.arguments
    const format = options.format ?? 'source'
    if (!isFormat(format))
      throw usage(`Format inconnu : ${format} (source, nquads).`, `Unknown format: ${format} (source, nquads).`)
    const folder = await openFolder(path, options.force ?? false)
    const opened = await vault.open()
    for await (const file of opened.export(format)) {
      signal.throwIfAborted()
      progress.show({ fr: file.path, en: file.path }, null)
      await folder.write(file.path, file.body)
    }
    const { files, bytes } = folder.written
    return { json: { files, bytes }, text: () => summary(context, folder, path) }
  },
}

const summary = (context: Parameters<Command['run']>[0], { written: { files, bytes } }: Folder, path: string): string =>
  inLanguage(
    context,
    `Fichiers écrits dans ${path} : ${files} (${bytes} octets)`,
    `Files written to ${path}: ${files} (${bytes} bytes)`,
  )
