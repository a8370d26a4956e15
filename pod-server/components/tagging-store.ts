/** The backend store, telling with each change the ETag of the state it wrote: it runs below the locking store. */
import type {
  AuxiliaryStrategy,
  ChangeMap,
  DataAccessor,
  ETagHandler,
  IdentifierStrategy,
  Representation,
  ResourceIdentifier,
} from '@solid/community-server'
import { css } from '../css.ts'

export class TaggingStore extends css.DataAccessorBasedStore {
  readonly #tags: ETagHandler

  constructor(
    accessor: DataAccessor,
    identifierStrategy: IdentifierStrategy,
    auxiliaryStrategy: AuxiliaryStrategy,
    metadataStrategy: AuxiliaryStrategy,
    tags: ETagHandler,
  ) {
    super(accessor, identifierStrategy, auxiliaryStrategy, metadataStrategy)
    this.#tags = tags
  }

  protected override async writeData(
    id: ResourceIdentifier,
    representation: Representation,
    isContainer: boolean,
    createContainers: boolean,
    exists: boolean,
  ): Promise<ChangeMap> {
    const changes = await super.writeData(id, representation, isContainer, createContainers, exists)
    const tag = isContainer ? undefined : this.#tags.getETag(representation.metadata)
    if (tag) changes.get(id)?.set(css.HH.terms.etag, tag)
    return changes
  }
}
