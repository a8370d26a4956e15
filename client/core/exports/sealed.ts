/** Everything as one file that only its recipient opens, with age and tar and nothing of ours. */
import { sealAge, type AgeRecipient } from './age.ts'
import { exportVault, type Exported } from './exporter.ts'
import { streamOf } from './stream.ts'
import { tarOf } from './tar.ts'

export const exportAge = (vault: Exported, to: AgeRecipient, at: number): Promise<ReadableStream<Uint8Array>> =>
  sealAge(streamOf(tarOf(exportVault(vault, 'source', at), at)), to)
