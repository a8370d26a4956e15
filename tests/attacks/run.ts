/** `npm run attacks`: the attacks on the protocol, as `effort.ts` has them where there is time for all. */
process.env['ALVEOLE_ATTACKS'] = 'all'
process.argv.splice(2, 0, 'tests/attacks/')
await import('../run.ts')
