/** Every parser of foreign bytes. A new one is an entry in the file of where its bytes come from. */
import type { Parser } from './parser.ts'
import { ofCells } from './parsers/cells.ts'
import { ofTheDevice } from './parsers/device.ts'
import { ofFiles } from './parsers/files.ts'
import { ofFormats } from './parsers/formats.ts'
import { ofServers } from './parsers/servers.ts'
import { ofVectors } from './parsers/vectors.ts'

export const parsers: readonly Parser[] = [
  ...ofVectors,
  ...ofFormats,
  ...ofCells,
  ...ofServers,
  ...ofTheDevice,
  ...ofFiles,
]
