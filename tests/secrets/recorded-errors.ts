/** The error class, which notes every error that is made, thrown to somebody or caught on the way. */
import { inspect } from 'node:util'
import * as real from '../../crypto/errors.ts'
import { note } from './note.ts'

export * from '../../crypto/errors.ts'

export class AlveoleError extends real.AlveoleError {
  constructor(...of: ConstructorParameters<typeof real.AlveoleError>) {
    super(...of)
    const { code, message, detail } = this
    note(
      'error',
      code,
      `${JSON.stringify({ code, message, detail })}\n${inspect(this, { depth: 8, showHidden: true })}`,
    )
  }
}

export const tampered: typeof real.tampered = why => {
  throw new AlveoleError('tampered', why)
}
