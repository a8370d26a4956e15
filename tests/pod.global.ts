/** One real pod server for the whole run, on a free port and a fresh folder; tests read its URL by `inject('pod')`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPod } from '../pod-server/pod.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    pod: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), 'alveole-pod-'))
  const pod = await startPod({ port: 0, data, quiet: true })
  project.provide('pod', pod.url)
  return async () => {
    await pod.stop()
    await rm(data, { recursive: true })
  }
}
