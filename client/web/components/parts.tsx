/** Which parts: the facets that occur, in everyday words, grouped; the sensitive ones say so and start unticked. */
import { facet, isSensitive } from '#vocab'
import { Check, Group } from './choice.tsx'
import { Card } from './page.tsx'
import { useText } from '../hooks/text.ts'
import styles from './parts.module.css'

interface Props {
  offered: readonly string[]
  isTicked: (path: string) => boolean
  onChange: (path: string, on: boolean) => void
}

function Part({ path, ticked, onChange }: { path: string; ticked: boolean; onChange: (on: boolean) => void }) {
  const { t, pick } = useText()
  const concept = facet(path)
  const label = (
    <>
      {concept ? pick(concept.label) : path}
      {isSensitive(path) && <span className={styles['sensitive']}>{t.share.sensitive}</span>}
    </>
  )
  return (
    <Check label={label} checked={ticked} onChange={onChange} {...(concept && { hint: pick(concept.definition) })} />
  )
}

export function Parts({ offered, isTicked, onChange }: Props) {
  const { t, pick } = useText()
  const areas = [...Map.groupBy(offered, path => path.split('/')[0] ?? path)]
  return (
    <Card>
      <h2>{t.share.parts}</h2>
      <p>{offered.length > 0 ? t.share.partsHint : t.share.empty}</p>
      {areas.map(([area, paths]) => {
        const concept = facet(area)
        return (
          <Group key={area} legend={<h3>{concept ? pick(concept.label) : area}</h3>}>
            {paths.map(path => (
              <Part key={path} path={path} ticked={isTicked(path)} onChange={on => onChange(path, on)} />
            ))}
          </Group>
        )
      })}
    </Card>
  )
}
