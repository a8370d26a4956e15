/** One item of a list: a line with its small picture or a drawing of its kind, or a photo of a gallery. */
import { Link } from 'wouter'
import { kind } from '#vocab'
import { KindIcon } from './kind-icon.tsx'
import { Picture } from './picture.tsx'
import { useText } from '../hooks/text.ts'
import { vault } from '../hooks/vault.ts'
import type { Listed } from '../worker/api.ts'
import styles from './list.module.css'

const nameOf = ({ id, modified }: Listed): string => `${id} ${modified}`
const pictureOf = ({ id, collection }: Listed): Promise<Blob | null> => vault.picture({ id, collection })

/** Of a paper its first page; of what has none, a drawing. */
function Small({ item }: { item: Listed }) {
  const icon = <KindIcon name={item.kind} />
  return kind(item.kind)?.properties['thumbnail'] ? (
    <Picture
      name={nameOf(item)}
      label={item.label}
      load={() => pictureOf(item)}
      className={styles['small']}
      instead={icon}
    />
  ) : (
    icon
  )
}

export function ItemRow({ item }: { item: Listed }) {
  const { t, pick, date } = useText()
  const known = kind(item.kind)
  const when = item.date ? date(item.date) : t.vault.undated
  const about = [known && pick(known.label), when, item.pending && t.standing.unsent].filter(Boolean).join(' · ')
  return (
    <Link href={`/item/${item.id}`} className={styles['row']}>
      <Small item={item} />
      <span className={styles['words']}>
        <span className={styles['name']}>{item.label}</span>
        <span className={styles['about']}>{about}</span>
      </span>
    </Link>
  )
}

export function Photo({ item }: { item: Listed }) {
  const { t, date } = useText()
  return (
    <Link href={`/item/${item.id}`} className={styles['photo']}>
      <span className={styles['frame']}>
        <Picture name={nameOf(item)} label={item.label} load={() => pictureOf(item)} />
      </span>
      <span className={styles['name']}>{item.label}</span>
      <span className={styles['about']}>{item.date ? date(item.date) : t.vault.undated}</span>
      {item.pending && <span className={styles['about']}>{t.standing.unsent}</span>}
    </Link>
  )
}
