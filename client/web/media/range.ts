/** HTTP's Range header as media elements send it (RFC 9110 §14.2): one range of bytes, or none. */
import type { ByteRange } from '../../core/blobs/open-blob.ts'

/** null: it lies outside the file (416). What is not one range of bytes is no range at all, as the RFC has it. */
export function rangeOf(header: string | null, size: number): (ByteRange & { partial: boolean }) | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (!first && !last) return { start: 0, end: size, partial: false }
  const start = first ? Number(first) : Math.max(0, size - Number(last))
  const end = first && last ? Math.min(size, Number(last) + 1) : size
  if (first && last && Number(last) < Number(first)) return { start: 0, end: size, partial: false }
  return start < end ? { start, end, partial: true } : null
}
