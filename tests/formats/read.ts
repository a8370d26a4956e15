// Reads a file through the registry as an importer would, and gathers what comes.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Draft, Format, Problem, SourceFile } from '../../client/core/formats/format.ts'
import { recognise } from '../../client/core/formats/registry.ts'

export interface Gathered {
  format: string
  drafts: Draft[]
  problems: Problem[]
  duplicates: number
  progress: number[]
}

export const sourceFile = (name: string, content: BlobPart): SourceFile => ({ name, blob: new Blob([content]) })

export async function gather(file: SourceFile, format?: Format): Promise<Gathered> {
  const reader = format ?? (await recognise(file))
  const gathered: Gathered = { format: reader.name, drafts: [], problems: [], duplicates: 0, progress: [] }
  for await (const item of reader.read(file)) {
    if ('draft' in item) gathered.drafts.push(item.draft)
    else if ('problem' in item) gathered.problems.push(item.problem)
    else if ('duplicate' in item) gathered.duplicates += 1
    else gathered.progress.push(item.progress)
  }
  return gathered
}

export const fixture = (name: string): SourceFile =>
  sourceFile(name, readFileSync(new URL(`fixtures/${name}`, import.meta.url)))

/** Published samples that stand beside the project, or nothing where they do not. */
const SAMPLES = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

export const samples = (folder: string): SourceFile[] => {
  if (!existsSync(SAMPLES + folder)) return []
  return readdirSync(SAMPLES + folder)
    .toSorted()
    .map(name => sourceFile(name, readFileSync(`${SAMPLES}${folder}/${name}`)))
}

export const countKinds = (drafts: readonly Draft[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { kind } of drafts) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

export const sourceText = (draft: Draft): string => {
  const source = draft.value['source']
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return ''
  return typeof source['text'] === 'string' ? source['text'] : ''
}
