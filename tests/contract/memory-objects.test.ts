/** Objects kept in memory, against the port's acceptance suite. */
import { memoryObjects } from '../../client/core/object-store.ts'
import { objectStoreContract, optionsOf } from '../object-store-contract.ts'

const make = async () => ({
  open: async (options?: Parameters<typeof optionsOf>[0]) => memoryObjects(optionsOf(options)),
})

objectStoreContract('memory', make, { lasts: false })
