/** A record: its pictures and files, all its properties, and its source exactly as it came. */
import { useState } from 'react'
import { kind } from '#vocab'
import type { Json, PropertyType, RecordValue } from '#vocab'
import type { BlobRef } from '../../core/types.ts'
import { Button } from './button.tsx'
import { Problem } from './notice.tsx'
import { Card } from './page.tsx'
import { PdfFile } from './pdf-file.tsx'
import { Picture } from './picture.tsx'
import { isPlayable, Player } from './player.tsx'
import { useShown } from './value.tsx'
import { blobsOf, isObject, textOf, type NamedBlob } from './values.ts'
import type { OpenMedia } from '../hooks/media.ts'
import type { LoadBlob } from '../hooks/pdf.ts'
import { saveFile } from '../hooks/save-file.ts'
import { useText } from '../hooks/text.ts'
import { useAction } from '../hooks/vault.ts'
import styles from './record.module.css'
import ui from './ui.module.css'

/** Types that are not shown among the details. */
const OWN_PLACE: ReadonlySet<PropertyType> = new Set(['blob', 'source', 'thumbnail'])

function Attached({ blob, label, load }: { blob: BlobRef; label: string; load: LoadBlob }) {
  const { t, bytes } = useText()
  const action = useAction(async () => saveFile(await load(blob), blob.name))
  return (
    <div className={ui['buttons']}>
      <Button onPress={() => void action.run()} busy={action.busy && t.item.preparing}>
        {t.item.download(blob.name)}
      </Button>
      <span className={ui['quiet']}>{[label, bytes(blob.size)].filter(Boolean).join(' · ')}</span>
      <Problem of={action.error} />
    </div>
  )
}

const isShowable = ({ blob }: NamedBlob): boolean => /^image\/(jpeg|png|webp|gif|avif)/.test(blob.mediaType)

interface FilesProps {
  kindName: string
  value: RecordValue
  label: string
  load: LoadBlob
  play: OpenMedia
}

function Files({ kindName, value, label, load, play }: FilesProps) {
  const { pick } = useText()
  const blobs = blobsOf(value)
  const picture = blobs.find(isShowable)?.blob
  const film = blobs.find(({ blob }) => isPlayable(blob))?.blob
  const pdf = blobs.find(({ blob }) => blob.mediaType === 'application/pdf')?.blob
  // The same bytes in two properties are one file to a person.
  const files = [...new Map(blobs.map(named => [named.blob.blob, named])).values()]
  const named = (property: string): string => {
    const known = kind(kindName)?.properties[property]
    return known ? pick(known.label) : ''
  }
  return files.length === 0 ? null : (
    <Card>
      {picture && (
        <Picture name={picture.blob} label={label} load={() => load(picture)} className={styles['picture']} />
      )}
      {film && <Player blob={film} label={label} open={play} />}
      {pdf && <PdfFile key={pdf.blob} blob={pdf} label={label} load={load} />}
      {files.map(({ property, blob }) => (
        <Attached key={blob.blob} blob={blob} label={named(property)} load={load} />
      ))}
    </Card>
  )
}

function Source({ value }: { value: Json }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const text = isObject(value) ? textOf(value['text']) : null
  return (
    text && (
      <Card>
        <h2>{t.item.source}</h2>
        {open ? (
          <pre className={styles['source']} tabIndex={0}>
            {text}
          </pre>
        ) : (
          <div>
            <Button onPress={() => setOpen(true)}>{t.item.showSource}</Button>
          </div>
        )}
      </Card>
    )
  )
}

export interface Line {
  label: string
  text: string
}

interface Props {
  kindName: string
  value: RecordValue
  label: string
  load: LoadBlob
  play: OpenMedia
  /** References lead to items of one's own vault only. */
  linked: boolean
  /** What is known about the record beside its properties. */
  lines: readonly Line[]
}

export function RecordDetails({ kindName, value, label, load, play, linked, lines }: Props) {
  const { t, pick } = useText()
  const show = useShown()
  const properties = Object.entries(kind(kindName)?.properties ?? {}).filter(([name]) => value[name] !== undefined)
  const plain = properties.filter(([, { type }]) => !OWN_PLACE.has(type))
  return (
    <>
      <Files kindName={kindName} value={value} label={label} load={load} play={play} />
      <Card>
        <h2>{t.item.details}</h2>
        <dl className={styles['details']}>
          {plain.map(([name, property]) => (
            <div key={name}>
              <dt>{pick(property.label)}</dt>
              <dd>{show(value[name] ?? null, property.type, linked)}</dd>
            </div>
          ))}
          {lines.map(line => (
            <div key={line.label}>
              <dt>{line.label}</dt>
              <dd>{line.text}</dd>
            </div>
          ))}
        </dl>
      </Card>
      {properties.map(([name, { type }]) => type === 'source' && <Source key={name} value={value[name] ?? null} />)}
    </>
  )
}
