/** The memory of processes as Linux counts it. What Node says of its own peak is no less than what started it held: that counts before exec. */
import { readFile } from 'node:fs/promises'

export interface Memory {
  step: string
  found: number
  /** Bytes of the process: the most so far, and now. */
  peak: number
  rss: number
}

export async function memoryOf(pids: readonly number[]): Promise<{ peak: number; rss: number }> {
  let [peak, rss] = [0, 0]
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const bytes = (name: string): number => 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1])
    peak += bytes('VmHWM')
    rss += bytes('VmRSS')
  }
  return { peak, rss }
}
