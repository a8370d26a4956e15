/**
 * Writes the vector files: the same bytes each time, as long as the formats are what they were. With `--check` it only says
 * whether the files are those (README.md).
 */
await import('./make/random.ts') // before anything draws
await import('./make/encoding.ts')
await import('./make/segment.ts')
await import('./make/head.ts')
await import('./make/keyring.ts')
await import('./make/blob.ts')
await import('./make/identity.ts')
await import('./make/account.ts')
await import('./make/group.ts')
await import('./make/message.ts')
await import('./make/catalogue.ts')
await import('./make/access-batch.ts')
await import('./make/unlock.ts')
await import('./make/queue.ts')
