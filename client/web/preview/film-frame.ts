/** A frame of a film, a second in, as the browser's own player decodes it; it plays from this device and is not shown. */

/** Milliseconds. */
const LIMIT = 10_000
/** Seconds: the first frame of many films is black. */
const AT = 1

const next = (film: HTMLVideoElement, event: 'loadedmetadata' | 'seeked'): Promise<void> =>
  new Promise((resolve, reject) => {
    film.addEventListener(event, () => resolve(), { once: true })
    film.addEventListener('error', () => reject(new TypeError('a film that this browser cannot play')), { once: true })
    setTimeout(() => reject(new RangeError('a film that takes too long')), LIMIT)
  })

/** Rejects where this browser does not play it. */
export async function filmFrame(file: Blob): Promise<ImageBitmap> {
  const url = URL.createObjectURL(file)
  const film = document.createElement('video')
  Object.assign(film, { muted: true, playsInline: true, preload: 'auto' })
  try {
    const ready = next(film, 'loadedmetadata')
    film.src = url
    await ready
    const there = next(film, 'seeked')
    film.currentTime = Math.min(AT, film.duration / 2)
    await there
    return await createImageBitmap(film)
  } finally {
    film.removeAttribute('src')
    film.load()
    URL.revokeObjectURL(url)
  }
}
