/**
 * Every label of the suite, one per use (SPEC S3). A label enters the key derivation, the associated data or the
 * signature of its use and of no other, so that no bytes made for one purpose pass for another.
 */
export const VERSION = 1

export const label = {
  // keys
  manifestKey: 'alveole/1 manifest key',
  facetRoot: 'alveole/1 facet root',
  facet: 'alveole/1 facet',
  section: 'alveole/1 section key',
  sectionTag: 'alveole/1 section tag',
  rootSign: 'alveole/1 root signing seed',
  rootKem: 'alveole/1 root kem seed',
  groupKey: 'alveole/1 group key',
  groupKem: 'alveole/1 group kem seed',
  groupNode: 'alveole/1 group node',
  groupLeafKey: 'alveole/1 group leaf key',
  groupWrap: 'alveole/1 group wrap',
  groupCommitment: 'alveole/1 group commitment',
  groupRosterName: 'alveole/1 group roster name',
  recordId: 'alveole/1 record id',
  selectionRecord: 'alveole/1 selection record',
  selectionFile: 'alveole/1 selection file',
  joinMac: 'alveole/1 join request mac',
  kem: 'alveole/1 kem shared secret',
  passwordSlot: 'alveole/1 password slot',
  deviceSlot: 'alveole/1 device slot',
  queuedWrite: 'alveole/1 queued write',
  // names
  keyId: 'alveole/1 key id',
  groupLeaf: 'alveole/1 group leaf',
  checkWords: 'alveole/1 check words',
  // envelopes
  table: 'alveole/1 section table',
  sectionBody: 'alveole/1 section',
  headOwner: 'alveole/1 head, owner part',
  headManifest: 'alveole/1 head, manifest part',
  manifestPage: 'alveole/1 manifest page',
  indexRun: 'alveole/1 index run',
  keyringEnvelope: 'alveole/1 keyring envelope',
  grantPage: 'alveole/1 grant page',
  blobPart: 'alveole/1 blob part',
  blobPage: 'alveole/1 blob page',
  accountState: 'alveole/1 account state',
  accountPage: 'alveole/1 account page',
  accountWrap: 'alveole/1 account wrap',
  accountPrevious: 'alveole/1 account previous generation',
  groupLog: 'alveole/1 group log',
  groupArchive: 'alveole/1 group archive',
  groupState: 'alveole/1 group state',
  groupRoster: 'alveole/1 group roster',
  groupEnrolment: 'alveole/1 group enrolment',
  groupStewards: 'alveole/1 group stewards',
  groupPrevious: 'alveole/1 group previous epoch',
  message: 'alveole/1 message',
  groupMessage: 'alveole/1 group message',
  accessBatch: 'alveole/1 access batch',
  // signatures
  identityEntry: 'alveole/1 identity entry',
  groupEntry: 'alveole/1 group entry',
  head: 'alveole/1 head',
  account: 'alveole/1 account',
  groupHead: 'alveole/1 group head',
  agreement: 'alveole/1 agreement',
  announcement: 'alveole/1 announcement',
  joinRequest: 'alveole/1 join request',
  leaveRequest: 'alveole/1 leave request',
  consent: 'alveole/1 consent',
} as const

export type Label = (typeof label)[keyof typeof label]
