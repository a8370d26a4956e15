/** Items in a list, and photos in a gallery. Long lists grow on demand and say how much they show. */
import { useState } from 'react'
import { Link } from 'wouter'
import { kind } from '#vocab'
import { Button } from './button.tsx'
import { KindIcon } from './kind-icon.tsx'
import { Picture } from './picture.tsx'
import { useText } from '../hooks/text.ts'
import { vault } from '../hooks/vault.ts'
import type { Listed } from '../worker/api.ts'
import styles from './list.module.css'

const STEP = 100

export function ItemRow({ item }: { item: Listed }) {
  const { t, pick, date } = useText()
  const known = kind(item.kind)
  const when = item.date ? date(item.date) : t.vault.undated
  const about = [known && pick(known.label), when, item.pending && t.standing.unsent].filter(Boolean).join(' · ')
  return (
    <li>
      <Link href={`/item/${item.id}`} className={styles['row']}>
        <KindIcon name={item.kind} />
        <span className={styles['words']}>
          <span className={styles['name']}>{item.label}</span>
          <span className={styles['about']}>{about}</span>
        </span>
      </Link>
    </li>
  )
}

function Photo({ item }: { item: Listed }) {
  const { t, date } = useText()
  return (
    <li>
      <Link href={`/item/${item.id}`} className={styles['photo']}>
        <span className={styles['frame']}>
          {item.image && (
            <Picture
              blob={item.image}
              label={item.label}
              load={ref => vault.picture({ id: item.id, collection: item.collection }, ref)}
            />
          )}
        </span>
        <span className={styles['name']}>{item.label}</span>
        {item.date && <span className={styles['about']}>{date(item.date)}</span>}
        {item.pending && <span className={styles['about']}>{t.standing.unsent}</span>}
      </Link>
    </li>
  )
}

export function Items({ items }: { items: readonly Listed[] }) {
  const { t } = useText()
  const [limit, setLimit] = useState(STEP)
  const gallery = items.length > 0 && items.every(item => item.image)
  const shown = items.slice(0, limit)
  return (
    <>
      <ul className={styles[gallery ? 'gallery' : 'rows']}>
        {shown.map(item => (gallery ? <Photo key={item.id} item={item} /> : <ItemRow key={item.id} item={item} />))}
      </ul>
      {items.length > limit && (
        <div>
          <Button onPress={() => setLimit(limit + STEP)}>{t.vault.more(limit, items.length)}</Button>
        </div>
      )}
    </>
  )
}
