/** The last part of a pod's address, from a person's name in any script: `Éloïse Dupont` → `eloise-dupont`. */
import { random, toHex } from '#crypto'

export function podName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return plain || `pod-${toHex(random(6))}`
}
