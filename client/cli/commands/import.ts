/** `alveole import`: files of any known format, or whole folders of them, into the vault. */
import { looksLikeAge, MANIFEST, type ImportReport } from '#core'
import { problems as known } from '../../core/formats/problems.ts'
import type { Language } from '#vocab'
import { ageKeys } from '../age.ts'
import type { Command } from '../command.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { kindLabel } from '../shown.ts'
import { sourceFiles, type Found } from '../source-files.ts'
import { AGE_FILE } from './export.ts'

type FileReport = ImportReport['files'][number]

const SYNOPSIS = '[--into COLLECTION] [--identity-file F | --passphrase-file F]'

export const importFiles: Command = {
  name: 'import',
  synopsis: { fr: `FICHIER… ${SYNOPSIS}`, en: `FILE… ${SYNOPSIS}` },
  about: {
    fr: `Ajoute des fichiers au coffre : santé (FHIR, CDA), généalogie (GEDCOM), photos, et tout autre fichier tel quel.
Un dossier est parcouru en entier. Le dossier ou le fichier age d’un alveole export est remis dans le coffre, partages mis à part ;
--identity-file (AGE-SECRET-KEY-1…) ou --passphrase-file ouvre le fichier age. Ce qui est déjà dans le coffre n’est pas ajouté une seconde fois.
Sort avec 2 si un fichier n’a pas pu être lu du tout.`,
    en: `Adds files to the vault: health (FHIR, CDA), family trees (GEDCOM), photos, and any other file as it is.
A folder is gone through in full. The folder or age file of an alveole export is put back into the vault, shares aside;
--identity-file (AGE-SECRET-KEY-1…) or --passphrase-file opens the age file. What the vault has already is not added twice.
Exits with 2 if some file could not be read at all.`,
  },
  options: ['into', 'identity-file', 'passphrase-file'],
  takes: [1, Number.POSITIVE_INFINITY],
  run: async context => {
    const { arguments: paths, options, language, progress, signal, vault } = context
    const files = await sourceFiles(paths)
    const age = await ageKeys(context, await holdsAge(files, paths))
    const opened = await vault.open()
    const report = await opened.import(files, {
      ...(options.into && { into: options.into }),
      ...(age && { age }),
      language,
      onProgress: ({ file, done }) => progress.show({ fr: file, en: file }, share(files, file, done)),
      signal,
    })
    return {
      json: report,
      text: () => reportText(report, language),
      exit: exitCodeOf(report.files.filter(isUnread).map(() => ({ code: 'bad-file' }))),
    }
  },
}

/** Nothing of it is in the vault, now or from before; of an export, which is many files, not all. */
const isUnread = ({ format, records, duplicates, problems }: FileReport): boolean =>
  problems.length > 0 && (format === 'alveole' || (duplicates === 0 && Object.keys(records).length === 0))

/** How far all is; the list of an export stands for all that it lists. */
function share(files: readonly Found[], path: string, done: number): number {
  const at = files.findIndex(file => file.path === path)
  if (files[at]?.name === MANIFEST) return done
  const sizeOf = (some: readonly Found[]): number => some.reduce((sum, { blob }) => sum + blob.size, 0)
  return (sizeOf(files.slice(0, at)) + done * sizeOf(files.slice(at, at + 1))) / Math.max(1, sizeOf(files))
}

/** Whether some file is to be opened with a key of age: one that the line names, or that an export wrote. */
async function holdsAge(files: readonly Found[], paths: readonly string[]): Promise<boolean> {
  for (const { path, name, blob } of files) {
    if (!paths.includes(path) && name !== AGE_FILE) continue
    if (looksLikeAge(await blob.slice(0, 64).bytes())) return true
  }
  return false
}

function reportText({ files, total }: ImportReport, language: Language): string {
  const added = language === 'fr' ? `Données ajoutées : ${total}` : `Records added: ${total}`
  return [...files.map(file => fileText(file, language)), added].join('\n')
}

function fileText({ file, format, records, kept, duplicates, problems }: FileReport, language: Language): string {
  const fr = language === 'fr'
  const kinds = Object.entries(records).map(([kind, count]) => `  ${count} × ${kindLabel(kind, language)}`)
  const notes = [
    kept && (fr ? `  dont ${kept} gardés tels quels` : `  ${kept} of them kept as they came`),
    duplicates && (fr ? `  déjà présents : ${duplicates}` : `  there already: ${duplicates}`),
    ...problems.map(({ where, reason }) => `  ! ${where}: ${problemText(reason, language)}`),
  ].filter(Boolean)
  return [`${file} (${format})`, ...kinds, ...notes].join('\n')
}

const problemText = (reason: string, language: Language): string =>
  Object.entries(known).find(([code]) => code === reason)?.[1][language] ?? reason
