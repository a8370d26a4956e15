/** A picture out of the vault: unlocked when it comes into view, shown through a blob: address, freed afterwards. */
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react'
import { useText } from '../hooks/text.ts'

/** Unlocks once, when first in view. */
function useBlobUrl(name: string, load: () => Promise<Blob | null>) {
  const place = useRef<HTMLDivElement>(null)
  const [url, setUrl] = useState<string | null>(null)
  const unlock = useEffectEvent(() => load())
  useEffect(() => {
    let made: string | null = null
    let current = true
    const show = (bytes: Blob | null): void => {
      if (!current || !bytes) return
      made = URL.createObjectURL(bytes)
      setUrl(made)
    }
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return
      observer.disconnect()
      unlock().then(show, () => undefined)
    })
    if (place.current) observer.observe(place.current)
    return () => {
      current = false
      observer.disconnect()
      if (made) URL.revokeObjectURL(made)
    }
  }, [name])
  return { place, url }
}

interface Props {
  /** Says its content: with the same name there is nothing to unlock again. */
  name: string
  label: string
  load: () => Promise<Blob | null>
  className?: string | undefined
  /** What stands there until then, or for good where there is none. */
  instead?: ReactNode
}

export function Picture({ name, label, load, className, instead }: Props) {
  const { t } = useText()
  const { place, url } = useBlobUrl(name, load)
  return <div ref={place}>{url ? <img src={url} alt={t.item.picture(label)} className={className} /> : instead}</div>
}
