/** Video or sound out of the vault: unlocked part by part as it plays, wherever one seeks. */
import { useEffect, useRef, useState } from 'react'
import type { BlobRef } from '../../core/types.ts'
import { useMedia, type OpenMedia } from '../hooks/media.ts'
import { useText } from '../hooks/text.ts'
import styles from './record.module.css'
import ui from './ui.module.css'

export const isPlayable = ({ mediaType }: BlobRef): boolean => /^(video|audio)\//.test(mediaType)

export function Player({ blob, label, open }: { blob: BlobRef; label: string; open: OpenMedia }) {
  const { t } = useText()
  const url = useMedia(blob, open)
  const [failed, setFailed] = useState(false)
  const player = useRef<HTMLVideoElement & HTMLAudioElement>(null)
  useEffect(() => {
    const media = player.current
    // Out of the page it would go on asking for what is closed by then
    return () => {
      media?.removeAttribute('src')
      media?.load()
    }
  }, [url])
  if (url === false || failed) return <p className={ui['quiet']}>{t.item.unplayable}</p>
  if (!url) return null
  const shared = { ref: player, src: url, controls: true, preload: 'metadata', onError: () => setFailed(true) } as const
  return blob.mediaType.startsWith('video/') ? (
    <video {...shared} playsInline aria-label={t.item.video(label)} className={styles['picture']} />
  ) : (
    <audio {...shared} aria-label={t.item.sound(label)} className={styles['sound']} />
  )
}
