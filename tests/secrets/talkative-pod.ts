/** The pod server at the most verbose of Community Solid Server's log levels, which no option of ours offers. */
import { buildFunction as real } from '../../pod-server/cache.ts'
import type { Build } from '../../pod-server/compile.ts'

export * from '../../pod-server/cache.ts'

const LEVEL = 'urn:solid-server:default:variable:loggingLevel'

export async function buildFunction(): Promise<Build> {
  const build = await real()
  return variables => build({ ...variables, [LEVEL]: 'silly' })
}
