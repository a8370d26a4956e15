import { describe, expect, it } from 'vitest'
import { AlveoleError, isCode } from '#crypto'

describe('the error', () => {
  it('is told by its code, and says it where there is no text', () => {
    const error = new AlveoleError('expired')
    expect(error).toMatchObject({ name: 'AlveoleError', code: 'expired', message: 'expired', detail: {} })
    expect(Object.hasOwn(error, 'cause')).toBe(false)
    expect(new AlveoleError('expired', 'the grant has ended').message).toBe('the grant has ended')
  })

  it('keeps what caused it, and what it is about', () => {
    const cause = new TypeError('fetch failed')
    const error = new AlveoleError('bad-file', 'cut short', { cause, detail: { file: 'export.zip', line: 3 } })
    expect(error.cause).toBe(cause)
    expect(error.detail).toEqual({ file: 'export.zip', line: 3 })
    expect(new AlveoleError('bad-file', 'cut short', { cause }).detail).toEqual({})
  })

  it('is one of the codes asked for, and nothing else is', () => {
    const error: unknown = new AlveoleError('conflict')
    expect(isCode(error, 'busy', 'conflict')).toBe(true)
    expect(isCode(error, 'busy')).toBe(false)
    expect(isCode({ code: 'conflict' }, 'conflict')).toBe(false)
    expect(isCode(new Error('conflict'), 'conflict')).toBe(false)
  })
})
