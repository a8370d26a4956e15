/**
 * PUT as CSS answers it (201 with Location, or 205), with the ETag of the state it wrote, taken from the change that
 * the store reports and never from a later read. The bytes are stored untouched, so RFC 9110 §9.3.4 allows it.
 */
import type {
  AuxiliaryStrategy,
  OperationHandlerInput,
  ResourceStore,
  ResponseDescription,
} from '@solid/community-server'
import { css } from '../css.ts'

export class TaggingPutHandler extends css.OperationHandler {
  readonly #store: ResourceStore
  readonly #metadataStrategy: AuxiliaryStrategy

  constructor(store: ResourceStore, metadataStrategy: AuxiliaryStrategy) {
    super()
    this.#store = store
    this.#metadataStrategy = metadataStrategy
  }

  override async canHandle({ operation }: OperationHandlerInput): Promise<void> {
    if (operation.method !== 'PUT') throw new css.NotImplementedHttpError('This handler only supports PUT')
  }

  override async handle({ operation }: OperationHandlerInput): Promise<ResponseDescription> {
    const { target, body, conditions } = operation
    if (!body.metadata.contentType && !css.isContainerPath(target.path)) {
      throw new css.BadRequestHttpError('PUT requests require the Content-Type header to be set')
    }
    if (this.#metadataStrategy.isAuxiliaryIdentifier(target)) {
      throw new css.MethodNotAllowedHttpError(['PUT'], 'Metadata resources change by PATCH, not by PUT')
    }
    const change = (await this.#store.setRepresentation(target, body, conditions)).get(target)
    const created = change?.get(css.SOLID_AS.terms.activity)?.equals(css.AS.terms.Create)
    const answer = created
      ? new css.CreatedResponseDescription(target)
      : new css.ResponseDescription(205, new css.RepresentationMetadata())
    const tag = change?.get(css.HH.terms.etag)?.value
    if (tag) answer.metadata?.set(css.HH.terms.etag, tag)
    return answer
  }
}
