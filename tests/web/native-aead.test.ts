/** In a browser, what is large is sealed by the browser's own cipher: to the same bytes as libsodium seals it to (SPEC E1). */
import { expect, test } from 'vitest'
import { onBundledPage } from '../bundled-page.ts'

const sizes = [16_383, 16_384, 16_385, 65_537, 262_144, 1_000_003]

test('Chromium’s cipher and libsodium’s seal, open and refuse alike', async () => {
  const found = await onBundledPage(new URL('native-aead.page.ts', import.meta.url), sizes, page =>
    page.evaluate(async () => {
      const { bundled } = globalThis as unknown as { bundled: typeof import('./native-aead.page.ts') }
      const { differences, isThere } = bundled
      const of = (await (await fetch('/data.json')).json()) as number[]
      return { isThere, differ: await Promise.all(of.map(async size => [size, await differences(size)] as const)) }
    }),
  )
  expect(found).toEqual({ isThere: true, differ: sizes.map(size => [size, []]) })
})
