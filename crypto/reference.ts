/** How one object names an immutable one that it keeps the key of. */
import { struct, uint, type Of } from './codec.ts'
import { hash32, id16, key32 } from './object.ts'

export const reference = struct({ sealId: id16, hash: hash32, size: uint, key: key32 })
export type Reference = Of<typeof reference>
