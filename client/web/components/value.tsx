/** One property of a record in everyday words, by its type. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { displayText, kind } from '#vocab'
import type { Json, PropertyType } from '#vocab'
import { useText, type Text } from '../hooks/text.ts'
import { useReading, vault } from '../hooks/vault.ts'
import { isObject, objects, placeText, refsOf, textOf } from './values.ts'
import styles from './record.module.css'

function Table({ rows }: { rows: { [key: string]: Json }[] }) {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))]
  return (
    <div className={styles['scroll']} tabIndex={0} role="group">
      <table className={styles['table']}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map(column => (
                <td key={column}>{displayText(row[column]) ?? textOf(row[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The name of the item that is meant, as the list of items shows it. */
function Reference({ id }: { id: string }) {
  const { t, language } = useText()
  const { value } = useReading(`item ${id}`, () => vault.record(id))
  const label = value && kind(value.kind)?.labelOf(value.value, language)
  return <Link href={`/item/${id}`}>{label ?? t.item.linked}</Link>
}

/** Of what others share, the items meant may not be shared: only the words that stand there. */
function References({ value, linked }: { value: Json; linked: boolean }) {
  return linked ? refsOf(value).map(id => <Reference key={id} id={id} />) : displayText(value)
}

const dateText = (value: Json, { date }: Text): string | null => {
  if (typeof value === 'string') return date(value)
  if (!isObject(value)) return null
  const bounds = [value['start'], value['end']].flatMap(one => (typeof one === 'string' ? date(one) : []))
  return textOf(value['text']) ?? bounds.join(' – ')
}

const quantityText = (value: Json): string =>
  objects(value)
    .map(one =>
      [one['comparator'], one['value'], one['unit'] ?? one['code']].flatMap(part => textOf(part) ?? []).join(' '),
    )
    .join(', ')

const originText = (value: Json, { t, date }: Text): string =>
  objects(value)
    .map(origin => [textOf(origin['file']), textOf(origin['at'])])
    .map(([file, at]) => [file && t.item.origin(file), at && date(at)].filter(Boolean).join(', '))
    .join(' · ')

const listText = (value: Json): string =>
  (Array.isArray(value) ? value : [value]).flatMap(one => displayText(one) ?? textOf(one) ?? []).join(', ')

/** How each type is shown; what has no entry is words. Blobs and sources have their own place on the page. */
const shown: { [type in PropertyType]?: (value: Json, text: Text, linked: boolean) => ReactNode } = {
  date: dateText,
  quantity: quantityText,
  place: placeText,
  origin: originText,
  code: listText,
  list: listText,
  flag: (value, { t }) => (value === true ? t.item.yes : t.item.no),
  number: (value, { language }) =>
    typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : textOf(value),
  ref: (value, _, linked) => <References value={value} linked={linked} />,
  table: value => <Table rows={objects(value)} />,
  blob: () => null,
  source: () => null,
  thumbnail: () => null,
}

export function useShown(): (value: Json, type: PropertyType, linked: boolean) => ReactNode {
  const text = useText()
  return (value, type, linked) => (shown[type] ?? listText)(value, text, linked)
}
