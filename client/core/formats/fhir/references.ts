/** What the resources of one file call one another: by fullUrl, by Type/id, by #id of what they contain. */
import type { Surroundings } from './mapping.ts'
import { labelOf } from './mappings.ts'
import type { View } from './view.ts'

interface Named {
  identity: string
  label: string | null
}

const withoutVersion = (reference: string): string => reference.replace(/\/_history\/[^/]*$/, '')

export class References {
  private readonly named = new Map<string, Named>()

  /** The first of a name wins. */
  add(type: string, fullUrl: string | null, view: View, identity: string): void {
    const entry = { identity, label: labelOf(type, view) }
    const id = view.text('id')
    for (const name of [fullUrl, id === undefined ? null : `${type}/${id}`]) {
      if (name !== null && !this.named.has(name)) this.named.set(name, entry)
    }
  }

  private find(reference: View | undefined): Named | undefined {
    const target = reference?.text('reference')
    return target === undefined ? undefined : this.named.get(withoutVersion(target))
  }

  /** The file as seen from inside one resource. */
  from(resource: View): Surroundings {
    const contained = (reference: View | undefined): View | undefined => {
      const target = reference?.text('reference')
      if (!target?.startsWith('#') || target.length < 2) return undefined
      return resource.objects('contained').find(view => view.text('id') === target.slice(1))
    }
    return {
      contained,
      ref: reference => {
        const found = this.find(reference)
        return found && { ref: found.identity }
      },
      who: reference => {
        const inside = contained(reference)
        const label = inside ? labelOf(inside.text('resourceType') ?? '', inside) : this.find(reference)?.label
        return reference?.text('display') ?? label ?? undefined
      },
    }
  }
}
