/** What stands in each vault: files, as people would have got them, by the folder that they are imported into. */
import { AlveoleError } from '#crypto'
import type { SourceFile, Vault } from '#core'
import { bundle } from './charts/fhir.ts'
import { children } from './data/children.ts'
import { claire } from './data/claire.ts'
import { households, relatives } from './data/family-tree.ts'
import { margaret } from './data/margaret.ts'
import { noe, sportsCertificate } from './data/noe.ts'
import { minutes, samir, statutes } from './data/samir.ts'
import type { DoorId } from './doors.ts'
import { gedcom } from './files/gedcom.ts'
import { picture } from './files/pictures.ts'

type Folders = { [folder: string]: () => SourceFile[] }

export const CHILDREN = 'Santé des enfants'
export const TREE = 'Arbre de la famille'
export const COOPERATIVE = 'Coopérative'

/** The day the papers were filed: fixed, so that importing again finds them known. */
const FILED = Date.UTC(2026, 10, 6)

const file = (name: string, content: string | Uint8Array<ArrayBuffer>): SourceFile => ({
  name,
  blob: new Blob([content]),
  lastModified: FILED,
})

const camera = 'Alouette 7'

const annecy = (): SourceFile =>
  file(
    'IMG_2041.jpg',
    picture('lake', {
      caption: 'Baignade au lac d’Annecy, toute la famille',
      taken: '2026-07-18T10:42:00',
      camera,
      latitude: 45.8632,
      longitude: 6.1701,
    }),
  )

const orchard = (): SourceFile =>
  file(
    'IMG_2188.jpg',
    picture('orchard', {
      caption: 'Cueillette des pommes chez Jean et Hélène, Morez',
      taken: '2026-09-27T15:08:00',
      camera,
      latitude: 46.5221,
      longitude: 6.0254,
    }),
  )

const penarth = (): SourceFile =>
  file(
    'DSC00713.jpg',
    picture('cardiff', {
      caption: 'Sunset over Penarth, with Carys',
      taken: '2026-05-30T21:14:00',
      camera: 'Merle C2',
      latitude: 51.4357,
      longitude: -3.1674,
    }),
  )

const climbing = (): SourceFile =>
  file(
    'IMG_0093.jpg',
    picture('peak', {
      caption: 'Col de la Charmette, sortie du club d’escalade',
      taken: '2026-06-07T09:31:00',
      camera: 'Pinson 4',
      latitude: 45.2894,
      longitude: 5.7561,
    }),
  )

const contents: { readonly [id in DoorId]: Folders } = {
  mother: {
    'Ma santé': () => [file('mon-espace-sante.json', bundle(claire))],
    [CHILDREN]: () => [file('carnets-de-sante.json', bundle(children))],
    [TREE]: () => [file('marchand-evans.ged', gedcom('Claire Marchand', relatives, households))],
    Photos: () => [annecy(), orchard()],
  },
  teenager: {
    'Ma santé': () => [file('ma-sante.json', bundle(noe))],
    'Club et lycée': () => [file('certificat-escalade-2026-2027.pdf', sportsCertificate)],
    Photos: () => [climbing()],
  },
  grandmother: {
    'My health': () => [file('my-health-record.json', bundle(margaret))],
    Photos: () => [penarth()],
  },
  steward: {
    'Ma santé': () => [file('ma-sante.json', bundle(samir))],
    [COOPERATIVE]: () => [file('statuts.pdf', statutes), file('assemblee-2026-11-05.txt', minutes)],
  },
}

/** Milliseconds: the server is on this machine, and where it stopped nothing brings it back. */
const PATIENCE = 1000

/** Adds what is not there yet. Our own files have no problems: one would be a fault of ours, and is told. */
export async function fill(vault: Vault, id: DoorId): Promise<void> {
  for (const [into, files] of Object.entries(contents[id])) {
    const report = await vault.import(files(), { into, patience: PATIENCE })
    for (const { file, problems } of report.files) {
      const [first] = problems
      if (first) throw new AlveoleError('bad-file', `${file}: ${first.where}: ${first.reason}`, { detail: { file } })
    }
  }
}
