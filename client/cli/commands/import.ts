/** `alveole import`: files of any known format, or whole folders of them, into the vault. */
import type { ImportReport } from '#core'
import { problems as known } from '../../core/formats/problems.ts'
import type { Language } from '#vocab'
import type { Command } from '../command.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { kindLabel } from '../shown.ts'
import { sourceFiles } from '../source-files.ts'

type FileReport = ImportReport['files'][number]

export const importFiles: Command = {
  name: 'import',
  synopsis: { fr: 'FICHIER… [--into COLLECTION]', en: 'FILE… [--into COLLECTION]' },
  about: {
    fr: `Ajoute des fichiers au coffre : santé (FHIR, CDA), généalogie (GEDCOM), photos, et tout autre fichier tel quel.
Un dossier est parcouru en entier. Ce qui est déjà dans le coffre n’est pas ajouté une seconde fois.
Sort avec 2 si un fichier n’a pas pu être lu du tout.`,
    en: `Adds files to the vault: health (FHIR, CDA), family trees (GEDCOM), photos, and any other file as it is.
A folder is gone through in full. What the vault has already is not added twice.
Exits with 2 if some file could not be read at all.`,
  },
  options: ['into'],
  takes: [1, Number.POSITIVE_INFINITY],
  run: async ({ arguments: paths, options, language, progress, signal, vault }) => {
    const files = await sourceFiles(paths)
    const total = files.reduce((sum, { blob }) => sum + blob.size, 0)
    const opened = await vault.open()
    let before = 0
    let current = files[0]?.name
    const onProgress = ({ file, done }: { file: string; done: number }) => {
      const at = files.findIndex(({ name }) => name === file)
      if (file !== current) before = files.slice(0, at).reduce((sum, { blob }) => sum + blob.size, 0)
      current = file
      progress.show({ fr: file, en: file }, total ? (before + done * (files[at]?.blob.size ?? 0)) / total : null)
    }
    const report = await opened.import(files, {
      ...(options.into && { into: options.into }),
      language,
      onProgress,
      signal,
    })
    const named = {
      ...report,
      files: report.files.map((entry, at) => ({ ...entry, file: files[at]?.path ?? entry.file })),
    }
    return {
      json: named,
      text: () => reportText(named, language),
      exit: exitCodeOf(named.files.filter(isUnread).map(() => ({ code: 'bad-file' }))),
    }
  },
}

/** Nothing of it is in the vault, now or from before. */
const isUnread = ({ records, duplicates, problems }: FileReport): boolean =>
  problems.length > 0 && duplicates === 0 && Object.keys(records).length === 0

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
