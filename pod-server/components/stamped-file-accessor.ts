/**
 * Files written whole or not at all (CSS's atomic accessor), each with a modification time of its own: ETags are made
 * of that time in milliseconds, so two writes within one millisecond would otherwise be one state to a client.
 *
 * A disk that is full is told as such.
 *
 * After a write the metadata it was given says what is now stored (type and date), for the store to make the ETag of
 * exactly this state, still under its lock.
 */
import { randomUUID } from 'node:crypto'
import { rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import type {
  FileIdentifierMapper,
  RepresentationMetadata,
  ResourceIdentifier,
  ResourceLink,
} from '@solid/community-server'
import { css } from '../css.ts'

type Content = Parameters<InstanceType<typeof css.AtomicFileDataAccessor>['writeDocument']>[1]

export class StampedFileAccessor extends css.AtomicFileDataAccessor {
  readonly #mapper: FileIdentifierMapper
  readonly #temporary: string
  #last = 0

  constructor(mapper: FileIdentifierMapper, rootFilePath: string, tempFilePath: string) {
    super(mapper, rootFilePath, tempFilePath)
    this.#mapper = mapper
    this.#temporary = resolve(join(rootFilePath, tempFilePath))
  }

  override async writeDocument(id: ResourceIdentifier, data: Content, metadata: RepresentationMetadata): Promise<void> {
    const asked = metadata.contentType
    const link = await this.#mapper.mapUrlToFilePath(id, false, asked)
    const previous = await modified(link.filePath)
    await orFull(super.writeDocument(id, data, metadata), data)
    const date = await this.#stamp(link.filePath, previous)
    // What a later read will say: the type kept in the metadata file, or the one that the extension stands for.
    const stored = link.contentType ? (await this.#mapper.mapFilePathToUrl(link.filePath, false)).contentType : asked
    metadata.contentType = stored
    css.updateModifiedDate(metadata, date)
  }

  override writeContainer(id: ResourceIdentifier, metadata: RepresentationMetadata): Promise<void> {
    return orFull(super.writeContainer(id, metadata))
  }

  override writeMetadata(id: ResourceIdentifier, metadata: RepresentationMetadata): Promise<void> {
    return orFull(super.writeMetadata(id, metadata))
  }

  /** CSS asks to delete what would stand below a file, as below a folder: nothing is there, which is no failure to log. */
  override async deleteResource(id: ResourceIdentifier): Promise<void> {
    try {
      await super.deleteResource(id)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error
      throw new css.NotFoundHttpError('', { cause: error })
    }
  }

  protected override async writeMetadataFile(link: ResourceLink, metadata: RepresentationMetadata): Promise<boolean> {
    const wrote = await super.writeMetadataFile(link, metadata)
    if (wrote) await this.#stamp((await this.#mapper.mapUrlToFilePath(link.identifier, true)).filePath)
    return wrote
  }

  /**
   * Metadata files too: a container's is written again with each new child, under no lock, and whoever read it empty in
   * between would take it away.
   */
  protected override async writeDataFile(path: string, data: Content): Promise<void> {
    if (resolve(dirname(path)) === this.#temporary) return super.writeDataFile(path, data)
    const temporary = join(this.#temporary, `temp-${randomUUID()}`)
    try {
      await super.writeDataFile(temporary, data)
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** Later than any other write of this process, and than the file that was there, even if the clock went back. */
  async #stamp(path: string, previous = 0): Promise<Date> {
    this.#last = Math.max(Date.now(), this.#last + 1)
    const date = new Date(Math.max(this.#last, previous + 1))
    await utimes(path, date, date)
    return date
  }
}

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG']

/**
 * A full disk answers 507 (RFC 4918 §11.5), so that a client knows that nothing was done and asking again does not help. What it still
 * sends is read first: who is cut off while sending never sees an answer.
 */
const orFull = async (writing: Promise<void>, data?: Content): Promise<void> => {
  try {
    await writing
  } catch (cause) {
    if (!NO_ROOM.includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause
    if (data) await finished(data.resume()).catch(() => undefined)
    throw new css.HttpError(507, 'InsufficientStorageHttpError', 'No room on the disk', { cause })
  }
}

const modified = async (path: string): Promise<number> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return found?.mtime.getTime() ?? 0
}
