/** One input to one parser, and what is a finding: any error without a code, or canonical bytes that come back otherwise. */
import { AlveoleError, concat, equal, hash, toHex } from '#crypto'
import { mutate } from './mutate.ts'
import type { Parser, Sample } from './parser.ts'
import type { Random } from './random.ts'

export type Outcome = 'accepted' | 'refused' | { finding: string }

export async function attempt(parser: Parser, input: Sample): Promise<Outcome> {
  try {
    await parser.feed(input)
    const same = !parser.again || equal(parser.again(input.bytes), input.bytes)
    return same ? 'accepted' : { finding: 'accepted bytes that it would not write' }
  } catch (error) {
    if (error instanceof AlveoleError) return 'refused'
    return { finding: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

export function draw(random: Random, { samples }: Parser): Sample {
  const { base, bytes } = random.pick(samples)
  return { base, bytes: mutate(random, bytes, random.pick(samples).bytes) }
}

/** The same finding with less: pieces are left out as long as it stays one, within a bounded number of tries. */
export async function minimised(parser: Parser, input: Sample): Promise<Sample> {
  let { bytes } = input
  let tries = 200
  for (let step = bytes.length >> 1; step > 0 && tries > 0; step >>= 1) {
    for (let at = 0; at < bytes.length && tries > 0; tries--) {
      const less = concat(bytes.subarray(0, at), bytes.subarray(at + step))
      if (typeof (await attempt(parser, { ...input, bytes: less })) === 'object') bytes = less
      else at += step
    }
  }
  return { ...input, bytes }
}

/** In the corpus: one byte of `base`, then the input. */
export const toFile = ({ base, bytes }: Sample): Uint8Array => concat(Uint8Array.of(base), bytes)
export const fromFile = (file: Uint8Array): Sample => ({ base: file[0] ?? 0, bytes: file.subarray(1) })
export const fileName = ({ name }: Parser, input: Sample): string =>
  `${name.replaceAll(' ', '_')}-${toHex(hash(toFile(input))).slice(0, 12)}.bin`
