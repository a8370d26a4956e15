/**
 * The demonstration that the first start offers: an invented family and a cooperative, in the real server, through the public
 * API alone. Run again, a finished one is left as it is, and one that was cut short is finished: accounts and vaults are
 * found, files are named by their content, circles and grants are looked up before they are made.
 */
import { AlveoleError } from '#crypto'
import type { Localised } from '#vocab'
import type { Vault } from '#core'
import { vaultOf, type Way } from './accounts.ts'
import { seedCircles, type Vaults } from './circles.ts'
import { fill } from './contents.ts'
import { doors, type Door, type DoorId } from './doors.ts'
import { isFinished, publishNotice } from './notice.ts'
import { together } from './together.ts'

export type { Door } from './doors.ts'

export interface SeedOptions extends Way {
  progress?: (text: Localised) => void
}

const isLoopback = (url: string): boolean =>
  /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)

/** Gives the same doors whenever it is called. Throws `refused` for a server that others can reach. */
export async function seedDemo({ progress = () => undefined, ...way }: SeedOptions): Promise<Door[]> {
  if (!isLoopback(way.podUrl)) {
    throw new AlveoleError('refused', 'the demonstration’s passwords are public: only for a server on this machine')
  }
  if (!(await isFinished(way.podUrl))) await seed(way, progress)
  return doors.map(door => ({ ...door }))
}

async function seed(way: Way, progress: (text: Localised) => void): Promise<void> {
  const open = new Map<DoorId, Vault>()
  try {
    await together(doors, async door => {
      const vault = await vaultOf(way, door)
      open.set(door.id, vault)
      progress({ fr: `${door.name} : coffre créé`, en: `${door.name}: vault made` })
      await fill(vault, door.id)
      progress({ fr: `${door.name} : documents rangés`, en: `${door.name}: documents filed` })
    })
    const vaults = Object.fromEntries(open) as Vaults
    await seedCircles(vaults)
    progress({ fr: 'Cercles et partages faits', en: 'Circles and grants made' })
    for (const vault of open.values()) await vault.settle()
    await publishNotice(vaults.mother.pod)
  } finally {
    for (const vault of open.values()) await vault.lock()
  }
}
