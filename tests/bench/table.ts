/** What a bench gives back, and how it is shown: rows of a Markdown table, or JSON. */
import { cpus } from 'node:os'

export interface Row {
  action: string
  baseline: string
  alveole: string
  /** Ratio to the baseline, or number of requests. */
  result: string
  target: string
  met: boolean
}

export interface Bench {
  /** What is measured, on what: one sentence under the table. */
  about: string
  rows: Row[]
}

export const atLeast = (ratio: number, least: number, unit = '×'): Pick<Row, 'result' | 'target' | 'met'> => ({
  result: `${significant(ratio)}${unit}`,
  target: `≥ ${least}${unit}`,
  met: ratio >= least,
})

export const atMost = (value: number, most: number, unit = ''): Pick<Row, 'result' | 'target' | 'met'> => ({
  result: `${significant(value)}${unit}`,
  target: `≤ ${most}${unit}`,
  met: value <= most,
})

/** Three digits. */
export const significant = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : `${Number(value.toPrecision(3))}`

export const duration = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms >= 100 ? Math.round(ms) : ms.toFixed(1)} ms`

export const rate = (bytes: number, ms: number): string => `${(bytes / 1000 / ms).toFixed(1)} MB/s`

export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown processor',
  cores: cpus().length,
  node: process.versions.node,
})

export function markdown(benches: readonly Bench[], load: { before: number; after: number }): string {
  const { cpu, cores, node } = machine()
  const rows = benches
    .flatMap(bench => bench.rows)
    .map(row => [row.action, row.baseline, row.alveole, row.result, row.target, row.met ? 'yes' : '**no**'])
  const head = ['action', 'baseline', 'Alvéole', 'result', 'target', 'met']
  const table = [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
  const where = `${cores} cores (${cpu}), Node ${node}, load ${load.before.toFixed(1)} to ${load.after.toFixed(1)}.`
  return `${table}\n\n${where}\n\n${benches.map(({ about }) => `- ${about}`).join('\n')}\n`
}
