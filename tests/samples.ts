/** The published sample files that stand beside the project, where they do. */
import { existsSync, openAsBlob, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SourceFile } from '#core'

const folder = fileURLToPath(new URL('../../shared/data', import.meta.url))

export const samplesPresent = existsSync(folder)
export const samplePath = (path: string): string => join(folder, path)
export const sampleNames = (kind: string): string[] => readdirSync(join(folder, kind))

export const sample = async (path: string): Promise<SourceFile> => ({
  name: basename(path),
  blob: await openAsBlob(join(folder, path)),
})
