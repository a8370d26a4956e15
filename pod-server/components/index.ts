/** The classes that components.json describes, by the name it requires them under. */
import { AccessRules } from '../fast-read/access-rules.ts'
import { Folders } from '../fast-read/folder.ts'
import { OwnMembers } from '../groups/own-members.ts'
import { AccessHistory } from '../history/access-history.ts'
import { CurrentTokenExtractor } from '../logins/current-token-extractor.ts'
import { EndLoginsHandler } from '../logins/end-logins-handler.ts'
import { EndedLogins } from '../logins/ended-logins.ts'
import { KeptTokenExtractor } from '../logins/kept-token-extractor.ts'
import { LastingChannelStorage } from '../subscriptions/channel-storage.ts'
import { SubscribedSocketType, SubscribedWebhookType } from '../subscriptions/channel-types.ts'
import { CheckingStreamEmitter, OpenStreams, RememberingStreamHandler } from '../subscriptions/open-streams.ts'
import { ReadAccess } from '../subscriptions/read-access.ts'
import { SubscriptionWatch } from '../subscriptions/subscription-watch.ts'
import { DoorHandler } from './door-handler.ts'
import { ExpiringAccessChecker } from './expiring-access-checker.ts'
import { FastReadHandler } from './fast-read-handler.ts'
import { GroupAccessChecker } from './group-access-checker.ts'
import { ListeningInitializer } from './listening-initializer.ts'
import { NotingHandler } from './noting-handler.ts'
import { OwnOriginParser } from './own-origin-parser.ts'
import { PodTemplateGenerator } from './pod-template-generator.ts'
import { QuotaAccessor } from './quota-accessor.ts'
import { SeedInitializer } from './seed-initializer.ts'
import { StampedFileAccessor } from './stamped-file-accessor.ts'
import { StderrLoggerFactory } from './stderr-logger-factory.ts'
import { TaggingPutHandler } from './tagging-put-handler.ts'
import { TaggingStore } from './tagging-store.ts'
import { TwoSpeedLocker } from './two-speed-locker.ts'
import { WholeETagHandler } from './whole-etag-handler.ts'

export const components = {
  AccessHistory,
  AccessRules,
  CheckingStreamEmitter,
  CurrentTokenExtractor,
  DoorHandler,
  EndLoginsHandler,
  EndedLogins,
  ExpiringAccessChecker,
  FastReadHandler,
  Folders,
  GroupAccessChecker,
  KeptTokenExtractor,
  LastingChannelStorage,
  ListeningInitializer,
  NotingHandler,
  OpenStreams,
  OwnMembers,
  OwnOriginParser,
  PodTemplateGenerator,
  QuotaAccessor,
  ReadAccess,
  RememberingStreamHandler,
  SeedInitializer,
  StampedFileAccessor,
  StderrLoggerFactory,
  SubscribedSocketType,
  SubscribedWebhookType,
  SubscriptionWatch,
  TaggingPutHandler,
  TaggingStore,
  TwoSpeedLocker,
  WholeETagHandler,
}
