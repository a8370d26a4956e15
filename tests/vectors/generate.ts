/** Writes the vector files anew, with new keys: only after a change of format (README.md). */
await import('./make/encoding.ts')
await import('./make/collection.ts')
await import('./make/identity.ts')
await import('./make/group.ts')
await import('./make/unlock.ts')
