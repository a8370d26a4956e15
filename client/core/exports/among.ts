/** The exports among files that are to be imported: each is put back, and what belongs to it is not imported once more. */
import { isCode } from '#crypto'
import { calledBy, type SourceFile } from '../formats/format.ts'
import { checkSignal } from '../parallel.ts'
import { patienceOf, type Patience } from '../retry.ts'
import type { ImportReport } from '../types.ts'
import type { AgeKeys } from './age.ts'
import { folderOf, openArchive, pathOf } from './archive.ts'
import { Restorer, type Restored } from './restore.ts'

interface Options extends Patience {
  age?: AgeKeys
  onProgress?: (progress: { file: string; done: number }) => void
}
type FileReport = ImportReport['files'][number]
type IsPart = (file: SourceFile) => boolean

/** Reports of the exports, and the files that are none and of none. */
export async function restoreAmong(
  files: readonly SourceFile[],
  vault: Restored,
  options: Options,
): Promise<{ reports: FileReport[]; rest: SourceFile[] }> {
  const reports: FileReport[] = []
  const rest = new Set(files)
  for (const file of files) {
    checkSignal(options.signal)
    if (!rest.has(file)) continue
    const report: FileReport = {
      file: calledBy(file),
      format: 'alveole',
      records: {},
      kept: 0,
      duplicates: 0,
      problems: [],
    }
    const isPart = await restoreOne(file, files, vault, report, options)
    if (!isPart) continue
    reports.push(report)
    for (const one of rest) if (one === file || isPart(one)) rest.delete(one)
  }
  return { reports, rest: [...rest] }
}

/** null: not an export. Of one that is damaged as a whole nothing is imported, not even as plain files. */
async function restoreOne(
  file: SourceFile,
  files: readonly SourceFile[],
  vault: Restored,
  report: FileReport,
  { age, onProgress, ...doing }: Options,
): Promise<IsPart | null> {
  try {
    const archive = await openArchive(file, files, age)
    if (!archive) return null
    const progress = (done: number): void => onProgress?.({ file: calledBy(file), done })
    await new Restorer(vault, archive, report, { ...patienceOf(doing), onProgress: progress }).restore()
    return one => archive.has(pathOf(one))
  } catch (error) {
    if (!isCode(error, 'bad-file', 'source-changed', 'too-large')) throw error
    const { where = file.name, reason = error.code } = error.detail
    report.problems.push({ where: String(where), reason: String(reason) })
    const folder = folderOf(file)
    return one => folder !== '' && pathOf(one).startsWith(folder)
  }
}
