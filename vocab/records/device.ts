/** Device: a medical device worn, used or implanted. FHIR Device and DeviceUseStatement. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/devices'
const entry = leaf(home)

export const device = healthKind({
  name: 'Device',
  iri: alv.Device,
  label: both('Dispositif médical', 'Medical device'),
  plural: both('Dispositifs médicaux', 'Medical devices'),
  icon: '🦾',
  home,
  homes: [home],
  properties: {
    manufacturer: property(alv.manufacturer, 'text', entry, 'Fabricant', 'Manufacturer', 'drop'),
    serial: property(alv.serial, 'text', entry, 'Numéro de série', 'Serial number', 'drop'),
    lot: property(alv.lot, 'text', entry, 'Lot', 'Lot number', 'drop'),
    end: property(alv.end, 'date', entry, 'Fin ou péremption', 'End or expiry', 'year'),
    bodySite: property(alv.bodySite, 'text', entry, 'Partie du corps', 'Body site', 'drop'),
    reason: property(alv.reason, 'text', entry, 'Motif', 'Reason', 'drop'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
})
