/** A drawing for a kind of record, by what it is about. Drawn here, since not every device has pictures in its fonts. */
import { kind } from '#vocab'
import { Icon, type IconName } from './icons.tsx'
import ui from './ui.module.css'

const byFacet: [start: string, icon: IconName][] = [
  ['health/immunizations', 'shield'],
  ['health/medications', 'pill'],
  ['health/results', 'drop'],
  ['health/vitals', 'drop'],
  ['health/documents', 'paper'],
  ['health', 'heart'],
  ['family/identity', 'person'],
  ['family', 'tree'],
  ['photos', 'photo'],
]

export function KindIcon({ name }: { name: string }) {
  const facets = kind(name)?.facets ?? []
  const found = byFacet.find(([start]) => facets[0]?.startsWith(start))
  return (
    <span className={ui['cell']}>
      <Icon name={found?.[1] ?? 'paper'} />
    </span>
  )
}
