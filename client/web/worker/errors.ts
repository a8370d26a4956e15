/** Lets an error keep its code across the message port; both ends import this. */
import { transferHandlers } from 'comlink'
import { AlveoleError, type ErrorCode } from '../../../crypto/errors.ts'

interface Thrown {
  value: unknown
}
interface Wire {
  code: ErrorCode | null
  message: string
  detail: Record<string, string | number>
}

const stock = transferHandlers.get('throw')

const toWire = ({ value }: Thrown): Wire =>
  value instanceof AlveoleError
    ? { code: value.code, message: value.message, detail: { ...value.detail } }
    : { code: null, message: value instanceof Error ? `${value.name}: ${value.message}` : String(value), detail: {} }

if (stock) {
  transferHandlers.set('throw', {
    canHandle: (value: unknown): value is Thrown => stock.canHandle(value),
    serialize: (thrown: Thrown) => [toWire(thrown), []],
    deserialize: ({ code, message, detail }: Wire): never => {
      throw code === null ? new Error(message) : new AlveoleError(code, message, { detail })
    },
  })
}
