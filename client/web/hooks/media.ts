/** Playing from the vault: starts the service worker when something is first played, and passes its questions to the vault's worker. */
import { transfer } from 'comlink'
import { useEffect, useEffectEvent, useState } from 'react'
import type { Asked } from '../media/messages.ts'
import type { BlobRef } from '../../core/types.ts'
import { trustedScript, vault } from './worker.ts'

export type OpenMedia = (ref: BlobRef) => Promise<string>

/** The build puts it at the root, whose whole scope it needs (vite.config.ts). */
const SERVICE_WORKER = '/media.js'

let started: Promise<void> | null = null

async function start(): Promise<void> {
  const { serviceWorker } = navigator
  serviceWorker.addEventListener('message', ({ data, ports }: MessageEvent<Asked>) => {
    const [port] = ports
    if (port) void vault.serveMedia(data.media, data.range, transfer(port, [port]))
  })
  const inCharge = new Promise(resolve => serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
  await serviceWorker.register(trustedScript(SERVICE_WORKER), { scope: '/' })
  if (!serviceWorker.controller) await inCharge
}

/** The address to play; null while it is made; false where this browser cannot. */
export function useMedia(blob: BlobRef, open: OpenMedia): string | null | false {
  const [url, setUrl] = useState<string | null | false>(null)
  const openNow = useEffectEvent(() => open(blob))
  useEffect(() => {
    let made: string | null = null
    let current = true
    const play = async (): Promise<void> => {
      started ??= start()
      await started
      made = await openNow()
      if (current) setUrl(made)
      else await vault.closeMedia(made)
    }
    play().catch(() => current && setUrl(false))
    return () => {
      current = false
      if (made) void vault.closeMedia(made)
    }
  }, [blob.blob])
  return url
}
