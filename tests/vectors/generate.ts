/**
 * Writes the vector files: the same bytes each time, as long as the formats are what they were. With `--check` it only says
 * whether the files are those (README.md).
 */
await import('./make/random.ts')
for (const what of ['encoding', 'segment', 'head', 'keyring', 'blob', 'identity', 'account', 'group', 'message', 'unlock'])
  await import(`./make/${what}.ts`)
